import type { ExplanationRow } from './explanation.ts'

/** What happened between us and the provider, whichever it is. */
export const networkExplanations: ExplanationRow[] = [
  [
    ['SANDBOX_OFF'],
    {
      en: {
        cause: 'The service points at the sandbox, and the sandbox is not running. Nothing was sent.',
        remedy: 'Start the program with the sandbox, or give the service a real account.',
      },
      'zh-CN': {
        cause: '该服务指向沙箱，但沙箱没有运行，短信未发出。',
        remedy: '启动程序时开启沙箱，或为该服务填写真实账号。',
      },
    },
  ],
  [
    ['ECONNREFUSED'],
    {
      en: {
        cause: 'Nobody answers at the provider’s address and port. Nothing was sent.',
        remedy: 'Check the endpoint of the service, and whether a firewall is in the way.',
      },
      'zh-CN': {
        cause: '服务商的地址和端口无人响应，短信未发出。',
        remedy: '请检查服务的接入地址，以及是否被防火墙拦截。',
      },
    },
  ],
  [
    ['ENOTFOUND', 'EAI_*'],
    {
      en: {
        cause: 'The name of the provider’s server could not be resolved. Nothing was sent.',
        remedy:
          'Check the region or endpoint of the service, and the internet connection and DNS of this machine.',
      },
      'zh-CN': {
        cause: '无法解析服务商的域名，短信未发出。',
        remedy: '请检查服务的地域或接入地址，以及本机的网络与 DNS。',
      },
    },
  ],
  [
    ['CONNECT_TIMEOUT', 'ETIMEDOUT', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'],
    {
      en: {
        cause: 'No connection to the provider came about in time. Nothing was sent.',
        remedy: 'Check the internet connection and the firewall of this machine, then run again.',
      },
      'zh-CN': {
        cause: '未能及时连接到服务商，短信未发出。',
        remedy: '请检查本机的网络连接和防火墙，然后重新运行。',
      },
    },
  ],
  [
    [
      'CERT_*',
      'ERR_TLS_*',
      'ERR_SSL_*',
      'EPROTO',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_*',
    ],
    {
      en: {
        cause: 'The server’s certificate could not be verified, so nothing was sent.',
        remedy:
          'Check the endpoint of the service and the clock of this machine; a proxy that opens TLS traffic causes this too.',
      },
      'zh-CN': {
        cause: '服务器证书校验失败，短信未发出。',
        remedy: '请检查服务的接入地址和本机时间；会解密 TLS 流量的代理也会导致此问题。',
      },
    },
  ],
  [
    ['TIMEOUT'],
    {
      en: {
        cause: 'The provider did not answer in time. The text may have been sent.',
        remedy: 'Look for the message in the provider’s console before sending it again.',
      },
      'zh-CN': {
        cause: '服务商未在规定时间内答复，短信可能已经发出。',
        remedy: '请先在服务商控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['ECONNRESET', 'EPIPE', 'CONNECTION_CLOSED', 'NETWORK', 'SECOND_REQUEST'],
    {
      en: {
        cause: 'The connection broke before the provider’s answer was complete. The text may have been sent.',
        remedy: 'Look for the message in the provider’s console before sending it again.',
      },
      'zh-CN': {
        cause: '在收到完整答复之前连接中断，短信可能已经发出。',
        remedy: '请先在服务商控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['ANSWER_TOO_LARGE', 'ANSWER_UNREADABLE'],
    {
      en: {
        cause: 'What came back is not an answer of the provider. The text may have been sent.',
        remedy: 'Check whether a proxy or a wrong endpoint answers in the provider’s place.',
      },
      'zh-CN': {
        cause: '收到的内容不是服务商的答复，短信可能已经发出。',
        remedy: '请检查是否有代理或错误的接入地址代替服务商作出了答复。',
      },
    },
  ],
  [
    ['ABORTED'],
    {
      en: {
        cause: 'Sending was stopped on our side before an answer came.',
        remedy: 'Look for the message in the provider’s console before sending it again.',
      },
      'zh-CN': {
        cause: '在收到答复之前，我方停止了发送。',
        remedy: '请先在服务商控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['HTTP_2*'],
    {
      en: {
        cause: 'The provider’s answer does not say whether it took the message.',
        remedy: 'Look for the message in the provider’s console before sending it again.',
      },
      'zh-CN': {
        cause: '服务商的答复没有说明是否接收了短信。',
        remedy: '请先在服务商控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['HTTP_3*', 'HTTP_4*'],
    {
      en: {
        cause: 'Something other than the provider answered, perhaps a proxy or a login page of the network.',
        remedy: 'Check the endpoint of the service and the network’s proxy.',
      },
      'zh-CN': {
        cause: '答复并非来自服务商，可能来自网络代理或登录页面。',
        remedy: '请检查服务的接入地址和网络代理。',
      },
    },
  ],
  [
    ['HTTP_5*'],
    {
      en: {
        cause: 'The provider has a fault of its own. The text may have been sent all the same.',
        remedy: 'Look for the message in the provider’s console; see the provider’s status page.',
      },
      'zh-CN': {
        cause: '服务商自身发生故障，但短信仍可能已经发出。',
        remedy: '请在服务商控制台确认该短信，并查看服务商的状态页。',
      },
    },
  ],
  [
    ['SDK_*'],
    {
      en: {
        cause:
          'The settings of the service or the message are not in a form that can be sent. Nothing was sent.',
        remedy: 'Open the service, check its fields and press “Check credentials”.',
      },
      'zh-CN': {
        cause: '服务的设置或短信内容的格式无法发送，短信未发出。',
        remedy: '请打开该服务，检查各项设置，并点击“检查凭证”。',
      },
    },
  ],
  [
    ['DISPATCH_DEADLINE'],
    {
      en: {
        cause: 'This server was held up for too long before the request could leave. Nothing was sent.',
        remedy: 'Look at the load of this machine if it happens often.',
      },
      'zh-CN': {
        cause: '请求发出前本服务器停顿过久，短信未发出。',
        remedy: '如果频繁发生，请检查本机负载。',
      },
    },
  ],
  [
    ['CODE_GONE'],
    {
      en: {
        cause: 'The login code was used, was too old, or was lost when the server stopped. Nothing was sent.',
        remedy: 'Ask for a new code on the sign-in page.',
      },
      'zh-CN': {
        cause: '验证码已使用、已过期，或在服务器停止时丢失，短信未发出。',
        remedy: '请在登录页重新获取验证码。',
      },
    },
  ],
]
