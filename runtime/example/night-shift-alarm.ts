import { GRAPH_FORMAT } from '../../nodes/graph/schema.ts'
import type { Graph } from '../../nodes/graph/schema.ts'

/** The function that a new data folder starts with: a device reports a fault, the night shift gets a text. */
export function nightShiftAlarm(ids: { service: string; nightShift: string; alarmLeader: string }): Graph {
  return {
    format: GRAPH_FORMAT,
    id: 'night-shift-alarm',
    name: 'night-shift-alarm',
    title: 'Night shift alarm',
    description: 'Texts the night shift and the alarm leaders when a device reports a serious fault.',
    inputs: [
      { name: 'device', title: 'Device', type: 'text', required: true },
      { name: 'severity', title: 'Severity', type: 'number', required: false, default: 5 },
    ],
    nodes: [
      { id: 'start', type: 'start', typeVersion: 1, position: { x: 80, y: 160 }, params: {} },
      {
        id: 'is-serious',
        type: 'condition',
        typeVersion: 1,
        title: 'Is it serious?',
        position: { x: 368, y: 160 },
        params: {
          branches: [{ id: 'serious', title: 'Serious', when: { kind: 'formula', source: 'severity > 3' } }],
        },
      },
      {
        id: 'alarm',
        type: 'sms-notification',
        typeVersion: 1,
        title: 'Alarm the night shift',
        position: { x: 656, y: 80 },
        params: {
          recipients: [
            { kind: 'department', id: ids.nightShift, includeSubDepartments: true },
            { kind: 'role', id: ids.alarmLeader },
          ],
          service: ids.service,
          templateText: '${device} needs help (severity ${severity}). Please go there now.',
          variables: {
            device: { kind: 'variable', path: 'device' },
            severity: { kind: 'variable', path: 'severity' },
          },
        },
      },
      {
        id: 'alarmed',
        type: 'return',
        typeVersion: 1,
        title: 'Alarm given',
        position: { x: 944, y: 80 },
        params: { value: { kind: 'formula', source: '"The night shift knows about " & device' } },
      },
      {
        id: 'no-alarm',
        type: 'return',
        typeVersion: 1,
        title: 'No alarm',
        position: { x: 656, y: 288 },
        params: {
          value: { kind: 'formula', source: '"No alarm: severity " & severity & " is not serious"' },
        },
      },
    ],
    connections: [
      connection('c1', 'start', 'next', 'is-serious'),
      connection('c2', 'is-serious', 'serious', 'alarm'),
      connection('c3', 'is-serious', 'otherwise', 'no-alarm'),
      connection('c4', 'alarm', 'sent', 'alarmed'),
    ],
  }
}

function connection(id: string, from: string, port: string, to: string): Graph['connections'][number] {
  return { id, from: { node: from, port }, to: { node: to, port: 'in' } }
}
