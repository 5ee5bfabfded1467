import { examine } from '../doctor/examine.ts'
import type { Examination } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'

export interface DoctorOptions extends Examination {
  json: boolean
  print: (text: string) => void
}

/** Says what is well and what is not, with what to do; 1 where something fails. */
export async function doctorCommand({ json, print, ...examination }: DoctorOptions): Promise<number> {
  const findings = await examine(examination)
  print(json ? `${JSON.stringify(findings, null, 2)}\n` : findings.map(asText).join(''))
  return findings.some(({ state }) => state === 'fail') ? 1 : 0
}

function asText({ check, state, text, remedy }: Finding): string {
  const indent = ' '.repeat(16)
  return `${state.padEnd(4)}  ${check.padEnd(9)} ${text}\n${remedy === undefined ? '' : `${indent}${remedy}\n`}`
}
