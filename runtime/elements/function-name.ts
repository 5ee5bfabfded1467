/**
 * Makes the name of a function (URLs, command line) from its title: `Night shift alarm` → `night-shift-alarm`.
 * A title without Latin letters or digits gives `function`; a taken name gets `-2`, `-3`, ….
 */
export function functionNameFor(title: string, isTaken: (name: string) => boolean): string {
  const base =
    title
      .normalize('NFKD')
      .toLowerCase()
      .replace(/\p{M}/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 56)
      .replace(/^-+|-+$/g, '') || 'function'
  if (!isTaken(base)) return base
  let number = 2
  while (isTaken(`${base}-${number}`)) number++
  return `${base}-${number}`
}
