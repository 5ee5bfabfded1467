/** Fictitious people; their numbers belong to the ranges that regulators keep for fiction. */
export interface ExampleMember {
  name: string
  phone: string
  departments: string[]
  status?: 'resigned'
  locale?: string
  timeZone?: string
}

/** Paths from the top. */
export const exampleDepartments = [
  'Plant North',
  'Plant North / Maintenance',
  'Plant North / Maintenance / Day shift',
  'Plant North / Maintenance / Night shift',
  'Plant North / Production',
  'Plant South',
  'Plant South / Logistics',
  'Head office',
]

const dayShift = 'Plant North / Maintenance / Day shift'
const nightShift = 'Plant North / Maintenance / Night shift'
const production = 'Plant North / Production'
const logistics = 'Plant South / Logistics'
const headOffice = 'Head office'

const newYork = { locale: 'en-US', timeZone: 'America/New_York' }
const london = { locale: 'en-GB', timeZone: 'Europe/London' }
const shanghai = { locale: 'zh-CN', timeZone: 'Asia/Shanghai' }
const tokyo = { locale: 'ja', timeZone: 'Asia/Tokyo' }
const berlin = { locale: 'de', timeZone: 'Europe/Berlin' }

export const exampleMembers: ExampleMember[] = [
  { name: 'Amara Okafor', phone: '+1 202 555 0101', departments: [nightShift], ...newYork },
  { name: 'Ben Lindqvist', phone: '+44 7700 900102', departments: [nightShift], ...london },
  { name: 'Chen Yu', phone: '+1 202 555 0103', departments: [nightShift, production], ...shanghai },
  { name: 'Dalia Haddad', phone: '', departments: [nightShift] },
  { name: 'Emil Novak', phone: '+44 7700 900105', departments: [nightShift], status: 'resigned' },
  { name: 'Fatima Zahra', phone: '+1 202 555 0106', departments: [dayShift], ...newYork },
  { name: 'George Mensah', phone: '+44 7700 900107', departments: [dayShift], ...london },
  { name: 'Hana Sato', phone: '+1 202 555 0108', departments: [production], ...tokyo },
  { name: 'Ivan Petrov', phone: '+44 7700 900109', departments: [production] },
  { name: 'Julia Santos', phone: '+1 202 555 0110', departments: [logistics] },
  { name: 'Karim Aziz', phone: 'ask Julia', departments: [logistics] },
  { name: 'Lena Fischer', phone: '+44 7700 900112', departments: [headOffice], ...berlin },
  // shares the telephone of the loading bay with Julia
  { name: 'Maya Cohen', phone: '+1 202 555 0110', departments: [logistics] },
]

/** Who leads a department. */
export const exampleLeaders: Readonly<Record<string, string[]>> = {
  'Plant North / Maintenance': ['George Mensah'],
  [nightShift]: ['Amara Okafor'],
  'Plant South': ['Lena Fischer', 'Julia Santos'],
}

export const exampleOrganisationRoles = [
  { name: 'First aider', members: ['Fatima Zahra', 'Hana Sato', 'Maya Cohen'] },
]

/** Application roles. */
export const exampleRoles = [
  { name: 'Alarm leader', members: ['Lena Fischer', 'Amara Okafor'], departments: [], organisationRoles: [] },
  {
    name: 'Site safety',
    members: ['Hana Sato'],
    departments: ['Plant South'],
    organisationRoles: ['First aider'],
  },
]
