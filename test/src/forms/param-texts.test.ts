import { describe, expect, it } from 'vitest'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { formFields } from '../../../src/forms/form-fields.ts'
import { textAt, type Texts } from '../../../src/i18n/translate.ts'
import en from '../../../src/locales/function.en.json' with { type: 'json' }
import zh from '../../../src/locales/function.zh-CN.json' with { type: 'json' }

const fields = nodeDefinitions.flatMap(({ type, params }) =>
  formFields(params).map(({ name }) => `nodes.${type}.params.${name}.label`),
)

describe.each<[string, Texts]>([
  ['English', en],
  ['Chinese', zh],
])('%s', (_, texts) => {
  it.each(fields)('has a label for %s', (key) => {
    expect(textAt(texts, key)).toEqual(expect.stringMatching(/\S/))
  })
})
