import type { LocalDirectory } from '../directory/local-directory.ts'
import type { Runtime } from '../runtime.ts'
import { sandboxServices } from '../sandbox/accounts.ts'
import { exampleDepartments, exampleMembers, exampleRoles } from './example-people.ts'
import { nightShiftAlarm } from './night-shift-alarm.ts'

/**
 * Fills a new data folder, so that the first look shows a working function: people, an SMS service that talks to
 * the sandbox, and two functions.
 */
export function fillWithExample(runtime: Pick<Runtime, 'functions' | 'services' | 'directory'>): void {
  const { functions, services, directory } = runtime
  const { departments, roles } = addPeople(directory)
  const service = services.create({
    name: 'Sandbox (Twilio)',
    provider: 'twilio',
    settings: sandboxServices.twilio,
  })
  const graph = nightShiftAlarm({
    service: service.id,
    nightShift: departments.get('Plant North / Maintenance / Night shift')!,
    alarmLeader: roles.get('Alarm leader')!,
  })
  functions.create({ title: graph.title, name: graph.name, graph })
  functions.create({ title: 'My first function' })
}

function addPeople({ departmentStore, memberStore, roleStore }: LocalDirectory) {
  const departments = new Map<string, string>()
  for (const path of exampleDepartments) {
    const above = path.lastIndexOf(' / ')
    const parent = above === -1 ? null : departments.get(path.slice(0, above))!
    const name = above === -1 ? path : path.slice(above + 3)
    departments.set(path, departmentStore.create({ name, parent }).id)
  }
  const members = new Map<string, string>()
  for (const { name, phone, status = 'in-service', departments: paths } of exampleMembers) {
    const inDepartments = paths.map((path) => departments.get(path)!)
    members.set(name, memberStore.create({ name, phone, status, departments: inDepartments }).id)
  }
  const roles = new Map<string, string>()
  for (const { name, members: names, departments: paths } of exampleRoles) {
    const role = roleStore.create({
      name,
      members: names.map((each) => members.get(each)!),
      departments: paths.map((path) => departments.get(path)!),
    })
    roles.set(name, role.id)
  }
  return { departments, roles }
}
