import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { FunctionSummary, SmsService } from '../../nodes/api/elements.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import { useApi } from '../api/client.ts'

/** Functions and SMS services of this server: what the element tree and the pickers show. */
export const useElements = defineStore('elements', () => {
  const api = useApi()
  const functions = shallowRef<readonly FunctionSummary[]>([])
  const services = shallowRef<readonly SmsService[]>([])
  const isLoaded = ref(false)
  const error = shallowRef<unknown>(null)

  async function reload() {
    try {
      const [allFunctions, allServices] = await Promise.all([
        api.call('listFunctions'),
        api.call('listSmsServices'),
      ])
      functions.value = allFunctions
      services.value = allServices
      isLoaded.value = true
      error.value = null
    } catch (thrown) {
      error.value = thrown
    }
  }

  /** Takes over what a page just saved, without asking the server again. */
  function putFunction(saved: FunctionSummary) {
    functions.value = [...functions.value.filter((each) => each.name !== saved.name), saved]
  }
  function putService(saved: SmsService) {
    services.value = [...services.value.filter((each) => each.id !== saved.id), saved]
  }

  async function createFunction(title: string): Promise<string> {
    const created = await api.call('createFunction', { body: { title } })
    putFunction(created)
    return created.name
  }

  /** Changes the title in the saved graph, and in the draft where there is one. */
  async function renameFunction(name: string, title: string) {
    const { graph, draft, revision } = await api.call('getFunction', { params: { name } })
    const saved = await api.call('saveFunction', {
      params: { name },
      body: { revision, graph: { ...graph, title } },
    })
    putFunction(saved)
    if (!draft) return
    const body = { revision: saved.revision, graph: { ...draft, title } }
    putFunction(await api.call('saveDraft', { params: { name }, body }))
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

  const serviceSummaries = computed<SmsServiceSummary[]>(() =>
    services.value.map(({ id, name, provider, sandbox }) => ({ id, name, provider, sandbox })),
  )

  return {
    functions,
    services,
    serviceSummaries,
    isLoaded,
    error,
    reload,
    putFunction,
    putService,
    createFunction,
    renameFunction,
    deleteFunction,
    renameService,
    deleteService,
  }
})
