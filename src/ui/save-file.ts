/** Saves a text as a file on this computer. */
export function saveFile(name: string, text: string, type: string) {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // the download has taken its own reference by the next turn
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
