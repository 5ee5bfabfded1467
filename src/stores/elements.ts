import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch, type ShallowRef } from 'vue'
import type { FunctionSummary, SmsService } from '../../nodes/api/elements.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Secret } from '../../nodes/api/secrets.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { useApi } from '../api/client.ts'
import { useRights } from './useRights.ts'

/** A list that is as it was stays the same one: whatever depends on it has nothing to do. */
function replace<Item>(list: ShallowRef<readonly Item[]>, loaded: readonly Item[]) {
  if (JSON.stringify(list.value) !== JSON.stringify(loaded)) list.value = loaded
}

/** Functions, SMS services, message templates, login methods and secrets of this server: what the element tree and the pickers show. */
export const useElements = defineStore('elements', () => {
  const api = useApi()
  const { can } = useRights()
  const functions = shallowRef<readonly FunctionSummary[]>([])
  const services = shallowRef<readonly SmsService[]>([])
  const templates = shallowRef<readonly MessageTemplate[]>([])
  const loginMethods = shallowRef<readonly LoginMethod[]>([])
  const secrets = shallowRef<readonly Secret[]>([])
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)

  /** How often this page itself changed one of the lists. */
  let ownChanges = 0
  const lists = [functions, services, templates, loginMethods]
  watch(lists, () => ownChanges++, { flush: 'sync' })

  function load() {
    return Promise.all([
      api.call('listFunctions'),
      api.call('listSmsServices'),
      api.call('listMessageTemplates'),
      api.call('listLoginMethods'),
      can('listSecrets') ? api.call('listSecrets') : [],
    ])
  }
  function take([allFunctions, allServices, allTemplates, allMethods, allSecrets]: Awaited<
    ReturnType<typeof load>
  >) {
    replace(functions, allFunctions)
    replace(services, allServices)
    replace(templates, allTemplates)
    replace(loginMethods, allMethods)
    replace(secrets, allSecrets)
  }

  async function reload() {
    try {
      take(await load())
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }

  /** Takes over what was changed elsewhere. An answer that this page has overtaken says nothing of its own change. */
  async function refresh() {
    if (!isLoaded.value) return
    const before = ownChanges
    const loaded = await load().catch(() => undefined)
    if (loaded && ownChanges === before) take(loaded)
  }

  /** Takes over what a page just saved, without asking the server again. */
  function putFunction(saved: FunctionSummary) {
    functions.value = [...functions.value.filter((each) => each.name !== saved.name), saved]
  }
  function putService(saved: SmsService) {
    services.value = [...services.value.filter((each) => each.id !== saved.id), saved]
  }

  function putTemplate(saved: MessageTemplate) {
    templates.value = [...templates.value.filter((each) => each.id !== saved.id), saved]
  }

  function putLoginMethod(saved: LoginMethod) {
    loginMethods.value = [...loginMethods.value.filter((each) => each.id !== saved.id), saved]
  }

  /** @param start what it begins with, more than its Start node */
  async function createFunction(title: string, start?: Graph): Promise<string> {
    const body = { title, ...(start && { graph: start }) }
    const { graph: _, ...created } = await api.call('createFunction', { body })
    putFunction(created)
    return created.name
  }

  /** Changes the title in the draft. It is the function's own: versions have none of theirs. */
  async function renameFunction(name: string, title: string) {
    const { graph, revision } = await api.call('getFunction', { params: { name } })
    const body = { revision, graph: { ...graph, title } }
    putFunction(await api.call('saveFunction', { params: { name }, body }))
  }

  async function deleteFunction(name: string) {
    await api.call('deleteFunction', { params: { name } })
    functions.value = functions.value.filter((each) => each.name !== name)
  }

  async function renameService(id: string, name: string) {
    const { revision, settings } = await api.call('getSmsService', { params: { id } })
    putService(await api.call('updateSmsService', { params: { id }, body: { revision, name, settings } }))
  }

  async function deleteService(id: string) {
    await api.call('deleteSmsService', { params: { id } })
    services.value = services.value.filter((each) => each.id !== id)
  }

  /** @param defaultLocale the language that its first text is written in */
  async function createTemplate(name: string, defaultLocale: string): Promise<string> {
    const body = { name, defaultLocale, texts: { [defaultLocale]: '' } }
    const created = await api.call('createMessageTemplate', { body })
    putTemplate(created)
    return created.id
  }

  async function renameTemplate(id: string, name: string) {
    const { id: _, updated: __, ...content } = await api.call('getMessageTemplate', { params: { id } })
    const body = { ...content, name }
    putTemplate(await api.call('updateMessageTemplate', { params: { id }, body }))
  }

  async function deleteTemplate(id: string) {
    await api.call('deleteMessageTemplate', { params: { id } })
    templates.value = templates.value.filter((each) => each.id !== id)
  }

  async function renameLoginMethod(id: string, name: string) {
    const { id: _, updated: __, ...method } = await api.call('getLoginMethod', { params: { id } })
    putLoginMethod(await api.call('updateLoginMethod', { params: { id }, body: { ...method, name } }))
  }

  async function deleteLoginMethod(id: string) {
    await api.call('deleteLoginMethod', { params: { id } })
    loginMethods.value = loginMethods.value.filter((each) => each.id !== id)
  }

  const serviceSummaries = computed<SmsServiceSummary[]>(() =>
    services.value.map(({ id, name, provider, sandbox, policy: { testMode, fallback } }) => ({
      id,
      name,
      provider,
      sandbox,
      testMode,
      ...(fallback !== undefined && { fallback }),
    })),
  )

  /** `undefined` until they are loaded, and for those who may not know them. */
  const secretNames = computed(() =>
    isLoaded.value && can('listSecrets') ? new Set(secrets.value.map(({ name }) => name)) : undefined,
  )

  return {
    functions,
    services,
    templates,
    loginMethods,
    secrets,
    secretNames,
    serviceSummaries,
    isLoaded,
    error,
    reload,
    refresh,
    putFunction,
    putService,
    putTemplate,
    putLoginMethod,
    createFunction,
    renameFunction,
    deleteFunction,
    renameService,
    deleteService,
    createTemplate,
    renameTemplate,
    deleteTemplate,
    renameLoginMethod,
    deleteLoginMethod,
  }
})
