import type { ExplanationRow } from './explanation.ts'

/** @see Amazon SNS "Publish", errors, and "Common errors", read 2026-08 */
export const awsSnsExplanations: ExplanationRow[] = [
  [
    ['OptedOut', 'OptedOutException'],
    {
      en: {
        cause: 'This person answered STOP and gets no more texts from your AWS account.',
        remedy: 'Ask the person to opt in again; AWS allows that once in 30 days per number.',
      },
      'zh-CN': {
        cause: '对方已回复 STOP 退订，不再接收您 AWS 账号的短信。',
        remedy: '请征得对方同意后重新订阅；AWS 对每个号码每 30 天只允许一次。',
      },
    },
  ],
  [
    ['InvalidParameter', 'InvalidParameterException', 'InvalidParameterValue', 'ParameterValueInvalid'],
    {
      en: {
        cause: 'AWS refused a part of the message, most often the phone number or the sender ID.',
        remedy:
          'Check the member’s number (with country code), the text, and the sender settings of the service.',
      },
      'zh-CN': {
        cause: 'AWS 拒绝了短信的某个参数，通常是手机号码或发送者 ID。',
        remedy: '请检查成员号码（含国家代码）、短信内容以及服务的发送者设置。',
      },
    },
  ],
  [
    ['ValidationException', 'ValidationError', 'MissingParameter', 'MalformedQueryString', 'InvalidAction'],
    {
      en: {
        cause: 'AWS found the request incomplete or malformed.',
        remedy:
          'Check that the text is not empty and at most 1,600 characters long, then the service’s settings.',
      },
      'zh-CN': {
        cause: 'AWS 认为请求不完整或格式有误。',
        remedy: '请确认短信内容不为空且不超过 1600 个字符，然后检查服务设置。',
      },
    },
  ],
  [
    ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidSecurity', 'InvalidSecurityException'],
    {
      en: {
        cause: 'AWS does not know this access key, or the key has been deactivated.',
        remedy: 'Enter an active access key of the right AWS account in the service.',
      },
      'zh-CN': {
        cause: 'AWS 不认识该访问密钥，或密钥已停用。',
        remedy: '请在服务中填写正确 AWS 账号下处于启用状态的访问密钥。',
      },
    },
  ],
  [
    ['SignatureDoesNotMatch', 'IncompleteSignature', 'InvalidSignatureException'],
    {
      en: {
        cause: 'The secret key does not belong to the access key, or the clock of this machine is wrong.',
        remedy: 'Enter the secret key again and check the clock of this machine.',
      },
      'zh-CN': {
        cause: '秘密密钥与访问密钥不匹配，或本机时间有误。',
        remedy: '请重新填写秘密密钥，并检查本机时间。',
      },
    },
  ],
  [
    ['ExpiredToken', 'ExpiredTokenException', 'InvalidToken'],
    {
      en: {
        cause: 'The temporary credentials have run out.',
        remedy: 'Enter fresh credentials with their session token, or use a permanent access key.',
      },
      'zh-CN': {
        cause: '临时凭证已过期。',
        remedy: '请填写新的凭证及会话令牌，或改用长期访问密钥。',
      },
    },
  ],
  [
    [
      'AuthorizationError',
      'AuthorizationErrorException',
      'AccessDenied',
      'AccessDeniedException',
      'OptInRequired',
    ],
    {
      en: {
        cause: 'The AWS user may not send texts in this region.',
        remedy: 'Grant the user the right sns:Publish, and check that the region supports text messages.',
      },
      'zh-CN': {
        cause: '该 AWS 用户无权在此地域发送短信。',
        remedy: '请为该用户授予 sns:Publish 权限，并确认该地域支持短信。',
      },
    },
  ],
  [
    [
      'Throttled',
      'ThrottledException',
      'Throttling',
      'ThrottlingException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'RequestThrottled',
    ],
    {
      en: {
        cause: 'More messages were sent than AWS allows at a time. This one was not taken.',
        remedy: 'Lower the pace or the concurrency of the service if it happens often.',
      },
      'zh-CN': {
        cause: '发送速度超过 AWS 的限制，本条短信未被接收。',
        remedy: '如果频繁发生，请降低服务的发送速度或并发数。',
      },
    },
  ],
  [
    ['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture'],
    {
      en: {
        cause: 'The clock of this machine differs from that of AWS by more than 15 minutes.',
        remedy: 'Set the clock of this machine, best by turning on automatic time.',
      },
      'zh-CN': {
        cause: '本机时间与 AWS 相差超过 15 分钟。',
        remedy: '请校准本机时间，建议开启自动同步。',
      },
    },
  ],
  [
    ['NotFound', 'NotFoundException'],
    {
      en: {
        cause: 'AWS does not know what the request names.',
        remedy: 'Check the region and the endpoint of the service.',
      },
      'zh-CN': { cause: 'AWS 找不到请求所指的资源。', remedy: '请检查服务的地域和接入地址。' },
    },
  ],
  [
    ['InternalError', 'InternalFailure', 'InternalServerError', 'ServiceUnavailable'],
    {
      en: {
        cause: 'AWS has a fault of its own. The text may have been sent all the same.',
        remedy: 'AWS keeps no list to look it up in; ask the person before sending again.',
      },
      'zh-CN': {
        cause: 'AWS 自身发生故障，但短信仍可能已经发出。',
        remedy: 'AWS 不提供查询记录，重发前请先向对方确认。',
      },
    },
  ],
]
