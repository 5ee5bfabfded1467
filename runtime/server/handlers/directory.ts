import { exportMembers } from '../../directory/export-members.ts'
import { importMembers } from '../../directory/import-members.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function directoryHandlers({ directory }: Runtime) {
  const { memberStore, departmentStore, organisationRoleStore, roleStore, organisation } = directory
  return {
    listMembers: ({ query }) => memberStore.page(query),
    createMember: ({ body }) => memberStore.create(body),
    updateMember: ({ params, body }) => memberStore.update(params.id, body),
    deleteMember: ({ params }) => memberStore.delete(params.id),
    importMembers: ({ body, query }) => importMembers(directory, body, query),
    exportMembers: () => ({ name: 'members.csv', parts: exportMembers(directory) }),
    listDepartments: () => departmentStore.withCounts(),
    createDepartment: ({ body }) => departmentStore.create(body),
    updateDepartment: ({ params, body }) => departmentStore.update(params.id, body),
    deleteDepartment: ({ params }) => departmentStore.delete(params.id),
    listOrganisationRoles: () => organisationRoleStore.all(),
    getOrganisationRole: ({ params }) => organisationRoleStore.get(params.id),
    createOrganisationRole: ({ body }) => organisationRoleStore.create(body),
    updateOrganisationRole: ({ params, body }) => organisationRoleStore.update(params.id, body),
    deleteOrganisationRole: ({ params }) => organisationRoleStore.delete(params.id),
    listRoles: () => roleStore.all(),
    createRole: ({ body }) => roleStore.create(body),
    updateRole: ({ params, body }) => roleStore.update(params.id, body),
    deleteRole: ({ params }) => roleStore.delete(params.id),
    organisation: () => organisation.current,
    updateOrganisation: ({ body }) => directory.changeOrganisation(body),
  } satisfies Partial<Handlers>
}
