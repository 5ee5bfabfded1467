import { computed, reactive, ref, shallowRef } from 'vue'
import { processSettings, type ProcessSettings } from '../../../nodes/approval/process.ts'
import { givenPlaceholders, smsSwitchProblems } from '../../../nodes/approval/sms-text.ts'
import type { NodeDefinition } from '../../../nodes/define.ts'
import type { Problem } from '../../../nodes/graph/problems.ts'
import type { Graph, GraphNode } from '../../../nodes/graph/schema.ts'
import type { Json } from '../../../nodes/json.ts'
import { checkValue } from '../../../nodes/values/evaluate-value.ts'
import { findValues } from '../../../nodes/values/find-values.ts'
import { inferNames } from '../../../nodes/values/types/infer-graph.ts'
import { fieldPath, tidyParams, type DraftParams } from '../../dialogs/params/node-draft.ts'
import { fieldProblemText } from '../../dialogs/params/problem-text.ts'
import { useSmsChoice } from '../../dialogs/params/useSmsChoice.ts'
import { fieldControls } from '../../fields/field-controls.ts'
import { nameFacts } from '../../fields/name-facts.ts'
import { provideParams } from '../../fields/params-context.ts'
import { groupNames } from '../../fields/value-names.ts'
import { useI18n } from '../../i18n/index.ts'
import { useElements } from '../../stores/elements.ts'

/** The settings of a process as a form shows them. */
export const processForm = processSettings.extend({
  title: processSettings.shape.title.meta({ control: 'text-value' }),
  urgeMinutes: processSettings.shape.urgeMinutes.meta({ control: 'approval-minutes' }),
})

/** The settings of an approval process while they are edited; its values know the inputs. */
export function useProcessSettings(graph: Graph, definitions: readonly NodeDefinition[]) {
  const { t } = useI18n()
  const elements = useElements()
  const params = shallowRef<DraftParams>({ variables: {}, ...graph.process })
  const typingFaults = reactive(new Map<string, string>())
  const isChecking = ref(false)
  const smsChoice = useSmsChoice(params)
  const tidied = computed(() => tidyParams(params.value, smsChoice.placeholders.value, givenPlaceholders))
  const knownNames = computed(() => new Set(graph.inputs.map(({ name }) => name)))
  const start = graph.nodes.find(({ type }) => type === 'start')
  const shapes = start && inferNames(graph, definitions).at(start.id)

  const problems = computed<Problem[]>(() => {
    const parsed = processSettings.safeParse(tidied.value)
    if (!parsed.success) {
      return parsed.error.issues.map(({ path }) => ({
        severity: 'error',
        key: tidied.value[String(path[0])] === undefined ? 'paramRequired' : 'paramInvalid',
        field: path.join('/'),
      }))
    }
    const values = findValues(tidied.value as Json).flatMap(({ value, path }): Problem[] => {
      const error = checkValue(value, knownNames.value)
      if (!error) return []
      const { reason, ...facts } = error.params
      return [{ severity: 'error', key: `formula.${reason}`, params: facts, field: path }]
    })
    const services = smsChoice.services.value
    const templates = smsChoice.templates.value
    const context = { graph, node: graph.nodes[0] as GraphNode, services, templates, names: knownNames.value }
    return [...values, ...smsSwitchProblems(parsed.data, context)]
  })
  /** Texts by place, once OK was pressed; from then on they follow the typing. */
  const errors = computed<Record<string, string>>(() => {
    if (!isChecking.value) return {}
    const texts: Record<string, string> = {}
    for (const problem of problems.value) {
      if (problem.severity === 'error') {
        texts[fieldPath(params.value, problem.field ?? 'title')] ??= fieldProblemText(problem, t)
      }
    }
    for (const [path, key] of typingFaults) texts[path] = t(`function.typed.${key}`)
    return texts
  })

  const context = {
    params,
    setParam: (name: string, value: unknown) => (params.value = { ...params.value, [name]: value }),
    nameGroups: computed(() => groupNames(knownNames.value, graph, definitions, (id) => id)),
    knownNames,
    samples: computed(() => new Map()),
    factsAt: () => (name: string) => nameFacts(name, shapes, undefined),
    dates: computed(() => ({})),
    smsSteps: computed(() => []),
    functions: computed(() => elements.functions),
    usedPorts: computed(() => new Set<string>()),
    ...smsChoice,
    isProcess: true,
    given: givenPlaceholders,
    errorAt: (path: string) => errors.value[path] ?? '',
    hintAt: () => '',
    reportTyping: (path: string, key: string | null) =>
      key === null ? typingFaults.delete(path) : typingFaults.set(path, key),
  }
  provideParams(context)

  /** What OK saves; undefined: something is missing or wrong, and the form says it. */
  function read(): ProcessSettings | undefined {
    isChecking.value = true
    return Object.keys(errors.value).length > 0 ? undefined : processSettings.parse(tidied.value)
  }
  return { params, errors, controls: fieldControls(context), read }
}
