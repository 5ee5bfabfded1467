import type { ExplanationRow } from './explanation.ts'

/** @see Alibaba Cloud "SMS error codes" of Dysmsapi 2017-05-25, read 2026-08 */
export const alibabaExplanations: ExplanationRow[] = [
  [
    ['isv.MOBILE_NUMBER_ILLEGAL', 'INVALID_NUMBER'],
    {
      en: {
        cause: 'The number is not a valid phone number.',
        remedy: 'Correct the member’s number; outside mainland China it needs its country code.',
      },
      'zh-CN': {
        cause: '手机号码格式不正确。',
        remedy: '请更正成员的号码；中国大陆以外的号码需带国家代码。',
      },
    },
  ],
  [
    ['NUMBER_READ_AS_MAINLAND'],
    {
      en: {
        cause:
          'Alibaba Cloud would read this North American number as one of mainland China and text a stranger. Nothing was sent.',
        remedy: 'Send to this person through AWS SNS or Twilio.',
      },
      'zh-CN': {
        cause: '阿里云会把这个北美号码当作中国大陆号码，短信会发给陌生人，因此没有发出。',
        remedy: '请通过 AWS SNS 或 Twilio 向此人发送短信。',
      },
    },
  ],
  [
    ['isv.BLACK_KEY_CONTROL_LIMIT', 'MOBILE_IN_BLACK'],
    {
      en: {
        cause: 'The number is on a do-not-disturb list, or the text holds a forbidden word.',
        remedy: 'Ask Alibaba Cloud to remove the number if the member agrees, and check the variables.',
      },
      'zh-CN': {
        cause: '该号码在免打扰名单中，或短信内容含有禁用词。',
        remedy: '如成员同意接收，请联系阿里云移出名单，并检查变量内容。',
      },
    },
  ],
  [
    ['isv.CUSTOMER_REFUSED', 'USER_REJECT'],
    {
      en: {
        cause: 'This person has unsubscribed from your texts.',
        remedy: 'Ask the person to subscribe again before you send.',
      },
      'zh-CN': { cause: '用户已退订您的短信。', remedy: '请先征得用户同意重新订阅，再发送。' },
    },
  ],
  [
    ['isv.SMS_TEST_NUMBER_LIMIT', 'isv.SMS_TEST_SIGN_TEMPLATE_LIMIT', 'isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL'],
    {
      en: {
        cause: 'Test signatures and test templates only reach numbers bound for tests.',
        remedy: 'Bind the number in the Alibaba Cloud console, or use an approved signature and template.',
      },
      'zh-CN': {
        cause: '测试签名和测试模板只能发送到已绑定的测试手机号。',
        remedy: '请在阿里云控制台绑定该号码，或使用已审核通过的签名和模板。',
      },
    },
  ],
  [
    ['isv.DOMESTIC_NUMBER_NOT_SUPPORTED'],
    {
      en: {
        cause: 'The template is for international texts and cannot reach mainland China.',
        remedy: 'Use a template for domestic texts.',
      },
      'zh-CN': { cause: '国际/港澳台模板不支持发送境内号码。', remedy: '请使用国内短信模板。' },
    },
  ],
  [
    ['isv.BUSINESS_LIMIT_CONTROL'],
    {
      en: {
        cause:
          'This number got as many texts as Alibaba Cloud allows per minute, hour or day. This one was not taken.',
        remedy: 'Wait, or raise the limits in the Alibaba Cloud console under General settings.',
      },
      'zh-CN': {
        cause: '该号码触发了阿里云的分钟、小时或天级流控，本条短信未被接收。',
        remedy: '请稍后再发，或在阿里云控制台的通用设置中调整发送频率。',
      },
    },
  ],
  [
    ['isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL'],
    {
      en: {
        cause:
          'Your account reached the limit for the day or month that is set in the Alibaba Cloud console.',
        remedy: 'Raise the limit in the console, or wait until it starts anew.',
      },
      'zh-CN': {
        cause: '账号已达到在阿里云控制台设置的日或月发送上限。',
        remedy: '请在控制台提高上限，或等待下一周期。',
      },
    },
  ],
  [
    ['Throttling', 'Throttling.*'],
    {
      en: {
        cause: 'More requests were made than Alibaba Cloud allows at a time. This message was not taken.',
        remedy: 'Lower the pace or the concurrency of the service if it happens often.',
      },
      'zh-CN': {
        cause: '请求速度超过阿里云的限制，本条短信未被接收。',
        remedy: '如果频繁发生，请降低服务的发送速度或并发数。',
      },
    },
  ],
  [
    ['SignatureDoesNotMatch', 'IncompleteSignature'],
    {
      en: {
        cause: 'The access secret does not belong to the access key.',
        remedy: 'Enter the access secret again in the service.',
      },
      'zh-CN': {
        cause: 'AccessKey Secret 与 AccessKey ID 不匹配。',
        remedy: '请在服务中重新填写 AccessKey Secret。',
      },
    },
  ],
  [
    ['InvalidAccessKeyId.*', 'InvalidAccessKeyId', 'MissingAccessKeyId'],
    {
      en: {
        cause: 'Alibaba Cloud does not know this access key, or it is disabled.',
        remedy: 'Enter an enabled access key of your Alibaba Cloud account.',
      },
      'zh-CN': {
        cause: '阿里云找不到该 AccessKey，或已被禁用。',
        remedy: '请填写您阿里云账号下已启用的 AccessKey。',
      },
    },
  ],
  [
    ['InvalidSecurityToken.*', 'InvalidSecurityToken', 'MissingSecurityToken'],
    {
      en: {
        cause: 'The temporary credentials have run out, or their token does not belong to the access key.',
        remedy: 'Enter fresh credentials with their security token.',
      },
      'zh-CN': {
        cause: '临时凭证已过期，或安全令牌与 AccessKey 不匹配。',
        remedy: '请填写新的临时凭证及安全令牌。',
      },
    },
  ],
  [
    ['isp.RAM_PERMISSION_DENY', 'Forbidden', 'Forbidden.RAM', 'NoPermission'],
    {
      en: {
        cause: 'The RAM user may not send texts.',
        remedy: 'Grant the user AliyunDysmsFullAccess, or at least dysms:SendSms.',
      },
      'zh-CN': {
        cause: '该 RAM 用户没有发送短信的权限。',
        remedy: '请为该用户授予 AliyunDysmsFullAccess，或至少 dysms:SendSms 权限。',
      },
    },
  ],
  [
    ['isv.DENY_IP_RANGE'],
    {
      en: {
        cause: 'Alibaba Cloud refuses requests from the address of this machine.',
        remedy: 'Add its public address to the allowed addresses in the console.',
      },
      'zh-CN': {
        cause: '本机的 IP 地址不在阿里云允许的范围内。',
        remedy: '请在控制台将本机公网 IP 加入白名单。',
      },
    },
  ],
  [
    ['isv.OUT_OF_SERVICE', 'isv.AMOUNT_NOT_ENOUGH'],
    {
      en: {
        cause: 'The balance of your Alibaba Cloud account is used up.',
        remedy: 'Top up the account or buy a message package.',
      },
      'zh-CN': { cause: '阿里云账号余额不足，服务已停用。', remedy: '请充值或购买短信套餐包。' },
    },
  ],
  [
    [
      'isv.ACCOUNT_NOT_EXISTS',
      'isv.ACCOUNT_ABNORMAL',
      'isv.SECURITY_FROZEN_ACCOUNT',
      'isv.PRODUCT_UN_SUBSCRIPT',
      'isv.PRODUCT_UNSUBSCRIBE',
    ],
    {
      en: {
        cause: 'The Alibaba Cloud account is frozen, or the SMS service is not opened for it.',
        remedy: 'Sign in to the Alibaba Cloud console, check the account and open the SMS service.',
      },
      'zh-CN': {
        cause: '阿里云账号异常或被冻结，或尚未开通短信服务。',
        remedy: '请登录阿里云控制台检查账号状态，并开通短信服务。',
      },
    },
  ],
  [
    [
      'isv.SMS_SIGNATURE_ILLEGAL',
      'isv.SMS_SIGN_ILLEGAL',
      'isv.SIGN_STATE_ILLEGAL',
      'isv.SIGN_NAME_ILLEGAL',
      'isv.SMS_SIGNATURE_SCENE_ILLEGAL',
      'isv.SIGN_FILE_LIMIT',
    ],
    {
      en: {
        cause: 'The signature of the service does not exist, is not approved, or does not fit the template.',
        remedy:
          'Enter an approved signature exactly as the Alibaba Cloud console shows it, without brackets.',
      },
      'zh-CN': {
        cause: '短信签名不存在、未通过审核，或与模板的适用场景不符。',
        remedy: '请填写已审核通过的签名，与阿里云控制台显示完全一致，不带括号。',
      },
    },
  ],
  [
    ['isv.SMS_TEMPLATE_ILLEGAL', 'isv.TEMPLATE_NOT_EXIST'],
    {
      en: {
        cause: 'The template does not exist in this account or is not approved.',
        remedy: 'Choose an approved template of the same Alibaba Cloud account.',
      },
      'zh-CN': {
        cause: '短信模板不存在，或未通过审核。',
        remedy: '请选择同一阿里云账号下已审核通过的模板。',
      },
    },
  ],
  [
    ['isv.TEMPLATE_MISSING_PARAMETERS'],
    {
      en: {
        cause: 'A variable of the template got no value.',
        remedy: 'Fill in every template variable of the node.',
      },
      'zh-CN': { cause: '模板缺少变量。', remedy: '请在节点中为每个模板变量填写值。' },
    },
  ],
  [
    ['isv.TEMPLATE_PARAMS_ILLEGAL', 'isv.INVALID_JSON_PARAM'],
    {
      en: {
        cause: 'A value does not fit the kind of variable that the template declares.',
        remedy: 'Compare the values with the variable rules of the template in the console.',
      },
      'zh-CN': {
        cause: '变量的值不符合模板中声明的变量类型。',
        remedy: '请对照控制台中模板的变量规范检查取值。',
      },
    },
  ],
  [
    ['isv.PARAM_LENGTH_LIMIT'],
    {
      en: {
        cause: 'A value is too long for its template variable.',
        remedy: 'Shorten it; most variables take 35 characters, codes take 6.',
      },
      'zh-CN': {
        cause: '变量的值超过长度限制。',
        remedy: '请缩短取值；一般变量最多 35 个字符，验证码最多 6 位。',
      },
    },
  ],
  [
    ['isv.PARAM_NOT_SUPPORT_URL'],
    {
      en: {
        cause: 'A template variable holds a web address, which Alibaba Cloud does not allow.',
        remedy: 'Put the address into the template itself and have it approved.',
      },
      'zh-CN': {
        cause: '变量中包含网址，阿里云不允许。',
        remedy: '请将网址写入模板正文并提交审核。',
      },
    },
  ],
  [
    ['isv.SMS_CONTENT_ILLEGAL', 'isv.UNSUPPORTED_CONTENT', 'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE'],
    {
      en: {
        cause: 'The text holds words or signs that are not allowed, or does not fit the kind of template.',
        remedy: 'Change the values of the variables, or use a template of the right kind.',
      },
      'zh-CN': {
        cause: '短信内容包含禁用的词语或字符，或与模板类型不符。',
        remedy: '请修改变量的值，或使用类型相符的模板。',
      },
    },
  ],
  [
    ['isv.MOBILE_COUNT_OVER_LIMIT'],
    {
      en: {
        cause: 'Too many numbers were sent in one request.',
        remedy: 'Send to fewer people at a time.',
      },
      'zh-CN': { cause: '单次发送的号码数量超过限制。', remedy: '请减少单次发送的人数。' },
    },
  ],
  [
    ['isv.EXTEND_CODE_ERROR', 'PORT_NOT_REGISTERED'],
    {
      en: {
        cause: 'The sender number of this signature is not registered with the carrier.',
        remedy: 'Wait for the registration, or ask Alibaba Cloud’s support.',
      },
      'zh-CN': {
        cause: '该签名的发送号码尚未在运营商处完成报备。',
        remedy: '请等待报备完成，或联系阿里云客服。',
      },
    },
  ],
  [
    ['isv.INVALID_PARAMETERS', 'InvalidVersion', 'InvalidAction.NotFound', 'Missing*'],
    {
      en: {
        cause: 'Alibaba Cloud found the request incomplete or malformed.',
        remedy: 'Check template code, variables and signature, then the region and endpoint of the service.',
      },
      'zh-CN': {
        cause: '请求不完整或参数格式不正确。',
        remedy: '请检查模板编号、变量和签名，以及服务的地域和接入地址。',
      },
    },
  ],
  [
    ['InvalidTimeStamp.Expired', 'InvalidTimeStamp.Format'],
    {
      en: {
        cause: 'The clock of this machine differs from Alibaba Cloud’s by more than 15 minutes.',
        remedy: 'Set the clock of this machine, best by turning on automatic time.',
      },
      'zh-CN': {
        cause: '本机时间与阿里云相差超过 15 分钟。',
        remedy: '请校准本机时间，建议开启自动同步。',
      },
    },
  ],
  [
    ['SignatureNonceUsed'],
    {
      en: {
        cause: 'Alibaba Cloud has already seen this very attempt. The first copy of it may have been sent.',
        remedy: 'Look for the message in the Alibaba Cloud console before sending it again.',
      },
      'zh-CN': {
        cause: '阿里云已经收到过这一次发送请求，前一份可能已经发出。',
        remedy: '请先在阿里云控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['isp.*', 'InternalError', 'ServiceUnavailable', 'SyntaxError'],
    {
      en: {
        cause: 'Alibaba Cloud has a fault of its own. The text may have been sent all the same.',
        remedy: 'Look for the message in the Alibaba Cloud console before sending it again.',
      },
      'zh-CN': {
        cause: '阿里云自身发生故障，但短信仍可能已经发出。',
        remedy: '请先在阿里云控制台确认该短信，再决定是否重发。',
      },
    },
  ],
  [
    ['MOBILE_NOT_ON_SERVICE', 'MOBILE_ACCOUNT_ABNORMAL', 'MOBLLE_TERMINAL_ERROR', 'SP_NOT_BY_INTER_SMS'],
    {
      en: {
        cause: 'The phone cannot receive the text: switched off, out of service, or no international texts.',
        remedy: 'Check the number with the member, or try again later.',
      },
      'zh-CN': {
        cause: '对方手机无法接收短信：可能关机、停机，或未开通国际短信。',
        remedy: '请与成员核对号码，或稍后再试。',
      },
    },
  ],
]
