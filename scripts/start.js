/** `npm start`: the one command after a clone. Installs and builds what is missing, then starts the server. */
import { installWhatIsMissing } from './install.js'

await installWhatIsMissing()
process.argv.splice(2, 0, 'start')
process.argv[1] = new URL('./sms-logic.js', import.meta.url).pathname
await import('./sms-logic.js')
