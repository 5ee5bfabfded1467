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

/**
 * The nodes whose texts hold every word of the search, in palette order.
 * @param textOf everything a node can be found by: title, help, folder names, type
 */
export function searchPalette(
  definitions: readonly NodeDefinition[],
  search: string,
  textOf: (definition: NodeDefinition) => string,
): NodeDefinition[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return definitions.filter((definition) => {
    const text = textOf(definition).toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}
