import type { LocalDirectory } from '../directory/local-directory.ts'
import type { Runtime } from '../runtime.ts'
import { sandboxServices } from '../sandbox/accounts.ts'
import {
  exampleDepartments,
  exampleLeaders,
  exampleMembers,
  exampleOrganisationRoles,
  exampleRoles,
} from './example-people.ts'
import { nightShiftAlarm } from './night-shift-alarm.ts'
import { shiftAlarm } from './shift-alarm.ts'

/**
 * Fills a new data folder, so that the first look shows a working function: people, an SMS service that talks to
 * the sandbox, two functions, and a message template in two languages.
 */
export function fillWithExample(
  runtime: Pick<Runtime, 'functions' | 'services' | 'templates' | 'directory'>,
): void {
  const { functions, services, templates, directory } = runtime
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
  templates.create(shiftAlarm)
}

function addPeople(directory: LocalDirectory) {
  const { departmentStore, memberStore, organisationRoleStore, roleStore } = directory
  const departments = new Map<string, string>()
  for (const path of exampleDepartments) {
    const above = path.lastIndexOf(' / ')
    const parent = above === -1 ? null : departments.get(path.slice(0, above))!
    const name = above === -1 ? path : path.slice(above + 3)
    departments.set(path, departmentStore.create({ name, parent }).id)
  }
  const members = new Map<string, string>()
  const idsOf = (names: readonly string[], known: ReadonlyMap<string, string>) =>
    names.map((name) => known.get(name)!)
  for (const { status = 'in-service', departments: paths, ...person } of exampleMembers) {
    const member = memberStore.create({ ...person, status, departments: idsOf(paths, departments) })
    members.set(person.name, member.id)
  }
  for (const { id, name, parent } of departmentStore.all()) {
    const [path] = [...departments].find(([, each]) => each === id)!
    departmentStore.update(id, { name, parent, leaders: idsOf(exampleLeaders[path] ?? [], members) })
  }
  const organisationRoles = new Map<string, string>()
  for (const { name, members: names } of exampleOrganisationRoles) {
    organisationRoles.set(name, organisationRoleStore.create({ name, members: idsOf(names, members) }).id)
  }
  const roles = new Map<string, string>()
  for (const role of exampleRoles) {
    const { id } = roleStore.create({
      name: role.name,
      members: idsOf(role.members, members),
      departments: idsOf(role.departments, departments),
      organisationRoles: idsOf(role.organisationRoles, organisationRoles),
    })
    roles.set(role.name, id)
  }
  return { departments, roles }
}
