/** A text that the Alibaba emulator has on file, as its console would show it. */
export interface AlibabaTemplate {
  code: string
  name: string
  /** `${name}` stands for a variable. */
  text: string
  kind: 'code' | 'notice' | 'promotion'
  status: 'approved' | 'pending' | 'rejected'
}

/** The templates of the sandbox account. Names and texts are made up. */
export const alibabaTemplates: readonly AlibabaTemplate[] = [
  {
    code: 'SMS_100001',
    name: 'Device needs help',
    text: '${device} needs help: ${text}',
    kind: 'notice',
    status: 'approved',
  },
  {
    code: 'SMS_100002',
    name: '设备告警',
    text: '设备${device}需要处理：${text}，请尽快查看。',
    kind: 'notice',
    status: 'approved',
  },
  {
    code: 'SMS_100003',
    name: '登录验证码',
    text: '您的验证码为${code}，5分钟内有效，请勿告诉他人。',
    kind: 'code',
    status: 'approved',
  },
  {
    code: 'SMS_100004',
    name: '审批提醒',
    text: '${name}您好，${title}正在等待您的审批。',
    kind: 'notice',
    status: 'approved',
  },
  {
    code: 'SMS_100005',
    name: 'Office closed today',
    text: 'The office is closed today.',
    kind: 'notice',
    status: 'approved',
  },
  {
    code: 'SMS_100006',
    name: '新品上市',
    text: '${name}您好，新品已上市，欢迎到店。拒收请回复R',
    kind: 'promotion',
    status: 'pending',
  },
  {
    code: 'SMS_100007',
    name: 'Rejected example',
    text: 'You have won, ${name}!',
    kind: 'promotion',
    status: 'rejected',
  },
]
