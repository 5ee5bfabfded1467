import type { FunctionFile } from '../../../nodes/graph/function-file.ts'
import { saveFile } from '../../ui/save-file.ts'

/** Saves a function as `<name>.json` on this computer. */
export function downloadFunction(file: FunctionFile) {
  saveFile(`${file.graph.name}.json`, `${JSON.stringify(file, null, 2)}\n`, 'application/json')
}

/** Lets a person choose a JSON file. @returns its text, or `null` where nothing was chosen */
export function chooseTextFile(): Promise<string | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = '.json,application/json'
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      resolve(file ? file.text() : null)
    })
    input.addEventListener('cancel', () => resolve(null))
    input.click()
  })
}
