import type { NodeDefinition } from '../../../nodes/define.ts'

/** A folder of the palette; its name is `palette.<key>` in the locale files. */
export interface PaletteFolder {
  key: string
  folders: PaletteFolder[]
  nodes: NodeDefinition[]
}

/** The palette as the definitions' `menu` paths spell it, in the order of the definitions. */
export function paletteTree(definitions: readonly NodeDefinition[]): PaletteFolder {
  const root: PaletteFolder = { key: '', folders: [], nodes: [] }
  for (const definition of definitions) {
    let folder = root
    for (const key of definition.menu) {
      let next = folder.folders.find((each) => each.key === key)
      if (!next) folder.folders.push((next = { key, folders: [], nodes: [] }))
      folder = next
    }
    folder.nodes.push(definition)
  }
  return root
}

/** What can be added to a function: steps of approvals only to an approval process. */
export function offeredNodes(definitions: readonly NodeDefinition[], isProcess: boolean) {
  return isProcess ? definitions : definitions.filter(({ menu }) => menu[0] !== 'approval')
}

/**
 * The nodes whose texts hold every word of the search: first those whose titles hold them all, each in palette order.
 * @param textsOf everything a node can be found by: its title, then help, folder names, type
 */
export function searchPalette(
  definitions: readonly NodeDefinition[],
  search: string,
  textsOf: (definition: NodeDefinition) => readonly [title: string, ...more: string[]],
): NodeDefinition[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const holdsAll = (text: string) => words.every((word) => text.toLocaleLowerCase().includes(word))
  const found = definitions.filter((each) => holdsAll(textsOf(each).join(' ')))
  const byTitle = found.filter((each) => holdsAll(textsOf(each)[0]))
  return [...byTitle, ...found.filter((each) => !byTitle.includes(each))]
}
