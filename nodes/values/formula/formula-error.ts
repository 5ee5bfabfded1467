import { ErrorCode, FormulaError } from '../../errors.ts'
import en from '../../locales/en.json' with { type: 'json' }
import { fillText } from '../../locales/fill-text.ts'
import { closest } from './closest.ts'

/** Where something stands in the source, in UTF-16 units from 0. */
export interface Place {
  readonly position: number
  readonly length: number
}

/** Everything that can be wrong with a formula. The texts, with what to do, are `problems.formula.<reason>`. */
export type FormulaReason = keyof typeof en.problems.formula

const syntax = ErrorCode.FormulaSyntax
const wrongArguments = ErrorCode.FormulaArguments
const wrongType = ErrorCode.FormulaType
const budget = ErrorCode.FormulaBudget

const codes: Record<FormulaReason, ErrorCode> = {
  empty: syntax,
  unexpectedEnd: syntax,
  unexpected: syntax,
  unexpectedCharacter: syntax,
  valueMissing: syntax,
  textNotClosed: syntax,
  badEscape: syntax,
  badNumber: syntax,
  notClosed: syntax,
  nameMissing: syntax,
  stepMissing: syntax,
  forbiddenName: syntax,
  unknownName: ErrorCode.FormulaUnknownName,
  nameDidYouMean: ErrorCode.FormulaUnknownName,
  unknownFunction: ErrorCode.FormulaUnknownFunction,
  functionDidYouMean: ErrorCode.FormulaUnknownFunction,
  tooFew: wrongArguments,
  tooMany: wrongArguments,
  notADate: wrongArguments,
  noSuchDay: wrongArguments,
  dateRange: wrongArguments,
  dateUnit: wrongArguments,
  language: wrongArguments,
  idCard: wrongArguments,
  wholeNumber: wrongArguments,
  randomRange: wrongArguments,
  separatorMissing: wrongArguments,
  notANumberText: wrongArguments,
  datePattern: wrongArguments,
  numberPattern: wrongArguments,
  patternTooLong: wrongArguments,
  decimals: wrongArguments,
  count: wrongArguments,
  timeZone: wrongArguments,
  emptyList: wrongArguments,
  needsNumber: wrongType,
  needsNumberGotText: wrongType,
  needsNumberGotNothing: wrongType,
  needsText: wrongType,
  needsTextGotNumber: wrongType,
  needsTextGotNothing: wrongType,
  needsBoolean: wrongType,
  needsList: wrongType,
  needsListGotNothing: wrongType,
  needsTextOrList: wrongType,
  needsNumberOrList: wrongType,
  needsNumberOrDate: wrongType,
  notJoinable: wrongType,
  notComparable: wrongType,
  noFields: wrongType,
  needsPosition: wrongType,
  notADepartment: wrongType,
  notAMember: wrongType,
  level: wrongType,
  branchNotBoolean: wrongType,
  divisionByZero: ErrorCode.FormulaNumber,
  tooLarge: ErrorCode.FormulaNumber,
  notReal: ErrorCode.FormulaNumber,
  sourceTooLong: budget,
  tooManyParts: budget,
  tooDeep: budget,
  tooManySteps: budget,
  textTooLong: budget,
  listTooLong: budget,
}

/** Builds the one kind of error that leaves the formula language; `params.reason` leads to the translated text. */
export function formulaError(
  reason: FormulaReason,
  { position, length }: Place,
  params: Record<string, string | number> = {},
): FormulaError {
  return new FormulaError(codes[reason], fillText(en.problems.formula[reason], params), {
    position,
    length,
    params: { ...params, reason },
  })
}

/** A name that is not there, with the one that was probably meant. */
export function unknownName(name: string, place: Place, knownNames: Iterable<string>): FormulaError {
  const suggestion = closest(name, knownNames)
  if (suggestion === undefined) return formulaError('unknownName', place, { name })
  return formulaError('nameDidYouMean', place, { name, suggestion })
}
