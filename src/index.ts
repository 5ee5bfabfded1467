/** What another application imports to embed the editor. Its styles are in `sms-logic/editor/style.css`. */
export { FunctionEditor } from './embed/FunctionEditor.ts'
export {
  mountFunctionEditor,
  type FunctionEditorOptions,
  type MountedEditor,
} from './embed/mount-function-editor.ts'
export { mountInbox, type InboxOptions } from './embed/mount-inbox.ts'
export { MobileLogin } from './embed/MobileLogin.ts'
export { mountLogin, type LoginOptions } from './embed/mount-login.ts'
export { httpHost, type Host, type HostRequest } from './api/host.ts'
export type { FormField } from './forms/form-fields.ts'
export type { Locale, Texts } from './i18n/index.ts'
export type { HostNodes } from './node-types/useNodeTypes.ts'
