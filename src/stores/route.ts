import { worklistBox, type WorklistBox } from '../../nodes/api/approvals.ts'

/** A page of the editor. Its address is the part behind `#`, so that links and the back button work without a server. */
export type Route =
  | { page: 'function'; name: string }
  | { page: 'sms-service'; id: string }
  | { page: 'message-template'; id: string }
  | { page: 'login-method'; id: string }
  | { page: 'run'; id: string }
  | { page: 'request'; id: string }
  | { page: 'to-do'; box: WorklistBox }
  /** An empty name: all processes. */
  | { page: 'initiate'; name: string }
  | { page: 'directory'; tab: DirectoryTab }
  | { page: 'messages' | 'runs' | 'requests'; search: string }
  | { page: 'unknown' }
  | { page: 'opt-outs' }
  | { page: 'inbox' }
  | { page: 'account' }
  | { page: 'sandbox' }
  | { page: 'settings' }
  | { page: 'audit' }

export const directoryTabs = ['members', 'departments', 'organisation-roles', 'roles'] as const
export type DirectoryTab = (typeof directoryTabs)[number]

/** `{ page: 'function', name: 'a' }` → `/function/a` */
export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'function':
      return `/function/${encodeURIComponent(route.name)}`
    case 'sms-service':
    case 'message-template':
    case 'login-method':
    case 'run':
    case 'request':
      return `/${route.page}/${encodeURIComponent(route.id)}`
    case 'to-do':
      return `/to-do/${route.box}`
    case 'initiate':
      return route.name ? `/initiate/${encodeURIComponent(route.name)}` : '/initiate'
    case 'directory':
      return `/directory/${route.tab}`
    case 'messages':
    case 'runs':
    case 'requests':
      return route.search ? `/${route.page}?${route.search}` : `/${route.page}`
    case 'unknown':
    case 'opt-outs':
    case 'inbox':
    case 'account':
    case 'sandbox':
    case 'settings':
    case 'audit':
      return `/${route.page}`
  }
}

/** Reads what stands behind `#`; null for anything that is no page. */
export function parseRoute(path: string): Route | null {
  const [place = '', search = ''] = path.replace(/^#?\//, '').split('?')
  const [page, rest = ''] = place.split('/')
  const detail = decode(rest)
  switch (page) {
    case 'function':
      return detail ? { page, name: detail } : null
    case 'sms-service':
    case 'message-template':
    case 'login-method':
    case 'run':
    case 'request':
      return detail ? { page, id: detail } : null
    case 'to-do':
      return { page, box: worklistBox.safeParse(detail).data ?? 'decide' }
    case 'initiate':
      return { page, name: detail }
    case 'directory':
      return { page, tab: directoryTabs.find((tab) => tab === detail) ?? 'members' }
    case 'messages':
    case 'runs':
    case 'requests':
      return { page, search }
    case 'unknown':
    case 'opt-outs':
    case 'inbox':
    case 'account':
    case 'sandbox':
    case 'settings':
    case 'audit':
      return { page }
    default:
      return null
  }
}

/** The tab a route belongs to: a page is one tab, whichever part of it is shown and whatever it is filtered by. */
export function tabOf(route: Route): string {
  switch (route.page) {
    case 'directory':
    case 'messages':
    case 'runs':
    case 'requests':
    case 'to-do':
    case 'initiate':
      return `/${route.page}`
    default:
      return formatRoute(route)
  }
}

/** The token of the link of a text, which is no page of the application: it opens without a session. */
export function decideTokenOf(path: string): string | null {
  const token = /^#?\/decide\/([^/?#]+)$/.exec(path)?.[1]
  return token ? decode(token) || null : null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
