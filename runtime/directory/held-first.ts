/**
 * The ids that the names of a cell mean. Where several things have the same name, those that the member has already
 * are meant first, so that a file as it was exported changes nothing.
 *
 * @param held ids of what the member has
 * @param otherwise the id of a name that the member does not have yet
 */
export function heldFirst<Name>(
  names: readonly Name[],
  held: readonly string[],
  nameOf: (id: string) => Name,
  otherwise: (name: Name) => string,
): string[] {
  const left = held.map((id) => ({ id, key: JSON.stringify(nameOf(id)) }))
  const ids = names.map((name) => {
    const wanted = JSON.stringify(name)
    const index = left.findIndex(({ key }) => key === wanted)
    return index === -1 ? otherwise(name) : left.splice(index, 1)[0]!.id
  })
  return [...new Set(ids)]
}
