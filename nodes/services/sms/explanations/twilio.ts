import type { ExplanationRow } from './explanation.ts'

/** @see Twilio "Error and warning dictionary", read 2026-08 */
export const twilioExplanations: ExplanationRow[] = [
  [
    ['20003'],
    {
      en: {
        cause: 'Twilio does not accept the account SID together with this auth token or API key.',
        remedy: 'Copy account SID and auth token from the Twilio console into the service again.',
      },
      'zh-CN': {
        cause: 'Twilio 不接受该 Account SID 与 Auth Token（或 API Key）的组合。',
        remedy: '请从 Twilio 控制台重新复制 Account SID 和 Auth Token 到服务中。',
      },
    },
  ],
  [
    ['20005', '10001', '30002', 'ACCOUNT_*'],
    {
      en: {
        cause: 'The Twilio account is suspended or closed.',
        remedy: 'Reactivate the account in the Twilio console; often the balance is used up.',
      },
      'zh-CN': {
        cause: 'Twilio 账号已被停用或关闭。',
        remedy: '请在 Twilio 控制台恢复账号，常见原因是余额不足。',
      },
    },
  ],
  [
    ['20006', '20403', '403'],
    {
      en: {
        cause: 'The account or API key may not do this.',
        remedy: 'Use an API key with rights for messages, or the account’s auth token.',
      },
      'zh-CN': {
        cause: '该账号或 API Key 没有相应权限。',
        remedy: '请使用具有短信权限的 API Key，或使用账号的 Auth Token。',
      },
    },
  ],
  [
    ['20404'],
    {
      en: {
        cause: 'Twilio does not know the account or address that was asked.',
        remedy: 'Check the account SID, the region and the endpoint of the service.',
      },
      'zh-CN': {
        cause: 'Twilio 找不到所请求的账号或地址。',
        remedy: '请检查服务的 Account SID、地域和接入地址。',
      },
    },
  ],
  [
    ['20429'],
    {
      en: {
        cause: 'More messages were sent than Twilio allows at a time. This one was not taken.',
        remedy: 'Lower the pace or the concurrency of the service if it happens often.',
      },
      'zh-CN': {
        cause: '发送速度超过 Twilio 的限制，本条短信未被接收。',
        remedy: '如果频繁发生，请降低服务的发送速度或并发数。',
      },
    },
  ],
  [
    ['20500', '20503'],
    {
      en: {
        cause: 'Twilio has a fault of its own. The text may have been sent all the same.',
        remedy: 'Look for the message in the Twilio console before sending it again.',
      },
      'zh-CN': {
        cause: 'Twilio 自身发生故障，但短信仍可能已经发出。',
        remedy: '请先在 Twilio 控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['21211', '21214', '21217'],
    {
      en: {
        cause: 'The number is not a valid phone number.',
        remedy: 'Correct the member’s number; it needs its country code, for example +44.',
      },
      'zh-CN': {
        cause: '该号码不是有效的手机号码。',
        remedy: '请更正成员的号码，并带上国家代码，例如 +86。',
      },
    },
  ],
  [
    ['21610'],
    {
      en: {
        cause: 'This person answered STOP and gets no more texts from this sender.',
        remedy: 'Only the person can change that, by answering START.',
      },
      'zh-CN': {
        cause: '对方已回复 STOP 退订，不再接收该发送者的短信。',
        remedy: '只有对方本人回复 START 才能恢复接收。',
      },
    },
  ],
  [
    ['21612'],
    {
      en: {
        cause: 'Twilio cannot reach this number from the sender of the service.',
        remedy: 'Use another sender for this country, or a messaging service with several senders.',
      },
      'zh-CN': {
        cause: 'Twilio 无法用该服务的发送号码送达此号码。',
        remedy: '请为该国家换用其他发送号码，或使用含多个号码的 Messaging Service。',
      },
    },
  ],
  [
    ['21614', '30006'],
    {
      en: {
        cause: 'The number cannot receive texts; it may be a landline.',
        remedy: 'Enter a mobile number for the member.',
      },
      'zh-CN': { cause: '该号码无法接收短信，可能是固定电话。', remedy: '请为成员填写手机号码。' },
    },
  ],
  [
    ['21408'],
    {
      en: {
        cause: 'Your Twilio account may not text this country yet.',
        remedy: 'Allow the country in the Twilio console under Messaging, Settings, Geo permissions.',
      },
      'zh-CN': {
        cause: '您的 Twilio 账号尚未开通向该国家发送短信。',
        remedy: '请在 Twilio 控制台的 Messaging → Settings → Geo permissions 中开通该国家。',
      },
    },
  ],
  [
    ['21608', '21219'],
    {
      en: {
        cause: 'A Twilio trial account texts only numbers that were verified before.',
        remedy: 'Verify the number in the Twilio console, or upgrade the account.',
      },
      'zh-CN': {
        cause: 'Twilio 试用账号只能向已验证的号码发送短信。',
        remedy: '请在 Twilio 控制台验证该号码，或升级账号。',
      },
    },
  ],
  [
    ['21212', '21601', '21603', '21606', '21659', '21660', '21661'],
    {
      en: {
        cause: 'The sender of the service cannot be used: it is missing, not yours, or cannot send texts.',
        remedy: 'Enter a number of your Twilio account that can send texts, or a messaging service SID.',
      },
      'zh-CN': {
        cause: '服务的发送号码不可用：未填写、不属于您的账号，或不支持短信。',
        remedy: '请填写您 Twilio 账号下支持短信的号码，或 Messaging Service SID。',
      },
    },
  ],
  [
    ['21604'],
    {
      en: {
        cause: 'The message has no recipient.',
        remedy: 'Check the recipients of the node and their numbers.',
      },
      'zh-CN': { cause: '短信没有接收人。', remedy: '请检查节点的接收人及其号码。' },
    },
  ],
  [
    ['21602', '21619'],
    {
      en: {
        cause: 'The text is empty.',
        remedy: 'Write a text, and check that its variables are not all empty.',
      },
      'zh-CN': { cause: '短信内容为空。', remedy: '请填写短信内容，并检查变量是否全部为空。' },
    },
  ],
  [
    ['21617', '21658'],
    {
      en: {
        cause: 'The text is longer than 1,600 characters.',
        remedy: 'Shorten the text or the values that are put into it.',
      },
      'zh-CN': { cause: '短信内容超过 1600 个字符。', remedy: '请缩短短信内容或填入的变量值。' },
    },
  ],
  [
    ['21609'],
    {
      en: {
        cause: 'Twilio cannot use the address for delivery reports.',
        remedy: 'Set a public https address for callbacks.',
      },
      'zh-CN': { cause: 'Twilio 无法使用状态回调地址。', remedy: '请设置可公开访问的 https 回调地址。' },
    },
  ],
  [
    ['21611', '30001', '30022', '30023', '30027', '14107', '63017', '63018', '63038'],
    {
      en: {
        cause:
          'The sender has more messages waiting, or sent today, than it may have. This one was not taken.',
        remedy: 'Wait until the queue is shorter, or add senders through a messaging service.',
      },
      'zh-CN': {
        cause: '该发送号码排队或当日发送的短信已达上限，本条短信未被接收。',
        remedy: '请等待队列减少，或通过 Messaging Service 增加发送号码。',
      },
    },
  ],
  [
    ['21624'],
    {
      en: {
        cause: 'The validity period is out of range.',
        remedy: 'Choose a validity between 1 and 36,000 seconds.',
      },
      'zh-CN': { cause: '有效期超出范围。', remedy: '请选择 1 到 36000 秒之间的有效期。' },
    },
  ],
  [
    ['21654', '21655', '21656'],
    {
      en: {
        cause: 'Twilio does not know the content template, or its variables do not fit.',
        remedy: 'Check the content SID and the template’s variables in the Twilio console.',
      },
      'zh-CN': {
        cause: 'Twilio 找不到该内容模板，或变量与模板不符。',
        remedy: '请在 Twilio 控制台检查 Content SID 和模板变量。',
      },
    },
  ],
  [
    ['21701', '21703', '21704', '21705'],
    {
      en: {
        cause: 'The messaging service does not exist or has no number that can send.',
        remedy: 'Check the messaging service SID and its sender pool in the Twilio console.',
      },
      'zh-CN': {
        cause: 'Messaging Service 不存在，或其中没有可用的发送号码。',
        remedy: '请在 Twilio 控制台检查 Messaging Service SID 及其号码池。',
      },
    },
  ],
  [
    ['30003', '30005'],
    {
      en: {
        cause: 'The phone cannot be reached: it is switched off, or the number is not in use.',
        remedy: 'Check the number with the member, or try again later.',
      },
      'zh-CN': {
        cause: '对方手机无法接通：可能已关机，或号码已停用。',
        remedy: '请与成员核对号码，或稍后再试。',
      },
    },
  ],
  [
    ['30004', '63024'],
    {
      en: {
        cause: 'The recipient or the carrier blocks texts from this sender.',
        remedy: 'Ask the member to unblock the sender, or use another one.',
      },
      'zh-CN': {
        cause: '接收人或运营商屏蔽了该发送号码的短信。',
        remedy: '请让成员解除屏蔽，或换用其他发送号码。',
      },
    },
  ],
  [
    ['30007'],
    {
      en: {
        cause: 'The carrier took the text for spam.',
        remedy: 'Rewrite the text without shortened links and advertising words.',
      },
      'zh-CN': { cause: '运营商将该短信判定为垃圾短信。', remedy: '请修改内容，避免短链接和营销用语。' },
    },
  ],
  [
    ['30010'],
    {
      en: {
        cause: 'The message costs more than the limit that was set.',
        remedy: 'Raise the price limit in the Twilio console.',
      },
      'zh-CN': { cause: '该短信费用超过设定上限。', remedy: '请在 Twilio 控制台提高价格上限。' },
    },
  ],
  [
    ['30018', '30024', '30032', '30033', '30034', '30035', '30450'],
    {
      en: {
        cause: 'The sender is not registered for this country as its carriers demand.',
        remedy: 'Complete the registration of the sender in the Twilio console.',
      },
      'zh-CN': {
        cause: '该发送号码尚未按当地运营商的要求完成注册。',
        remedy: '请在 Twilio 控制台完成发送号码的注册。',
      },
    },
  ],
  [
    ['30008', '30017', '30410', 'FAILED', 'UNDELIVERED', 'CANCELED'],
    {
      en: {
        cause: 'Twilio took the message and then gave it up without a clear reason.',
        remedy: 'Look at the message in the Twilio console, then try again later.',
      },
      'zh-CN': {
        cause: 'Twilio 接收短信后又放弃了发送，没有给出明确原因。',
        remedy: '请在 Twilio 控制台查看该短信，稍后再试。',
      },
    },
  ],
  [
    ['30036'],
    {
      en: {
        cause: 'The message was not delivered within its time and was given up.',
        remedy: 'Try again if it still matters; the phone may have been off or out of reach.',
      },
      'zh-CN': {
        cause: '短信在有效期内未能送达，已放弃发送。',
        remedy: '如仍有必要，请重新发送；对方手机可能关机或无信号。',
      },
    },
  ],
]
