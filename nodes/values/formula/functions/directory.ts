import { readDirectoryValue } from '../../../directory/directory-value.ts'
import { MAX_SUPERVISOR_LEVEL } from '../../../directory/schema.ts'
import type { Json } from '../../../json.ts'
import { formulaError } from '../formula-error.ts'
import type { FormulaFunction } from './define.ts'
import { defineFunction } from './define.ts'

export const directoryFunctions: readonly FormulaFunction[] = [
  defineFunction<[Json, boolean | undefined]>(
    {
      name: 'LEADERS',
      alias: '负责人',
      args: [
        { name: 'department', type: 'any' },
        { name: 'withSubDepartments', type: 'boolean', optional: true },
      ],
      returns: 'any',
    },
    ([given, includeSubDepartments = false], { places }) => {
      if (given === null) return null
      const leadersOf = (department: Json): Json => {
        const read = typeof department === 'object' ? readDirectoryValue('department', department) : undefined
        if (!read || Array.isArray(read)) throw formulaError('notADepartment', places[0]!)
        const { id, name } = read
        return { kind: 'leaders', id, ...(name !== undefined && { name }), includeSubDepartments }
      }
      return Array.isArray(given) ? given.map(leadersOf) : leadersOf(given)
    },
  ),
  defineFunction<[Json, number | undefined]>(
    {
      name: 'SUPERVISORS',
      alias: '上级',
      args: [
        { name: 'member', type: 'any' },
        { name: 'level', type: 'number', optional: true },
      ],
      returns: 'any',
    },
    ([given, level = 1], { places }) => {
      if (given === null) return null
      const read = typeof given === 'object' ? readDirectoryValue('member', given) : undefined
      if (!read || Array.isArray(read)) throw formulaError('notAMember', places[0]!)
      if (!Number.isInteger(level) || level < 1 || level > MAX_SUPERVISOR_LEVEL) {
        throw formulaError('level', places[1]!, { most: MAX_SUPERVISOR_LEVEL })
      }
      const { id, name } = read
      return { kind: 'supervisors', id, ...(name !== undefined && { name }), level }
    },
  ),
]
