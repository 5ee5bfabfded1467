import type { TwilioAccount } from '../accounts.ts'
import type { SmsNetwork } from '../sms-network.ts'
import type { Call, Emulator, Reply, WireRequest } from '../wire.ts'
import { authenticate } from './authenticate.ts'
import { checkMessage } from './check-message.ts'
import { listMessages } from './list-messages.ts'
import { messageResource, rfc2822 } from './message-resource.ts'
import { jsonReply, notFound, refuse, unauthorized } from './replies.ts'

const place = /^\/2010-04-01\/Accounts\/([^/]+?)(?:\/Messages(?:\/([^/]+?))?)?\.json$/

/** Twilio's REST API of 2010-04-01, as far as it sends and shows messages and names the account. */
export function twilioEmulator(accounts: readonly TwilioAccount[], network: SmsNetwork): Emulator {
  return {
    read(request) {
      const found = place.exec(request.path)
      const sends = request.method === 'POST' && request.path.endsWith('/Messages.json')
      return sends ? sendCall(request, found?.[1]) : lookUpCall(request, found)
    },
    throttled: () => refuse({ code: 20429, message: 'Too Many Requests', status: 429 }),
    failed: () => refuse({ code: 20500, message: 'An internal server error has occurred', status: 500 }),
    tooLarge: () => refuse({ code: 20001, message: 'The request body is too large', status: 413 }),
  }

  function sendCall(request: WireRequest, accountSid: string | undefined): Call {
    const form = new URLSearchParams(request.body.toString())
    return {
      action: 'CreateMessage',
      sends: true,
      to: form.get('To') ?? undefined,
      token: tokenOf(form.get('StatusCallback')),
      answer: () => forAccount(request, accountSid, (account) => send(form, account)),
    }
  }

  function send(form: URLSearchParams, account: TwilioAccount): Reply {
    const checked = checkMessage(form, account, network.optedOut)
    if ('code' in checked) return refuse(checked)
    const message = network.take({
      id: `SM${network.nextId()}`,
      provider: 'twilio',
      account: account.accountSid,
      to: checked.to,
      from: checked.from,
      text: checked.body,
      reference: checked.messagingServiceSid,
      templateCode: null,
      failure: null,
    })
    const status = checked.messagingServiceSid ? 'accepted' : 'queued'
    return {
      ...jsonReply(201, messageResource({ message, status, numMedia: checked.numMedia })),
      accepted: true,
    }
  }

  function lookUpCall(request: WireRequest, found: RegExpExecArray | null): Call {
    const { method, path, query } = request
    const [, accountSid, messageSid] = found ?? []
    const answer = (account: TwilioAccount): Reply => {
      if (!found) return notFound(path)
      if (method !== 'GET') return refuse({ code: 20004, message: 'Method not allowed', status: 405 })
      if (messageSid !== undefined) return showMessage(path, messageSid, account)
      if (path.endsWith('/Messages.json')) return listMessages(path, query, account, network.file)
      return showAccount(path, account)
    }
    return {
      action: 'LookUp',
      sends: false,
      to: undefined,
      token: undefined,
      answer: () => forAccount(request, accountSid, answer),
    }
  }

  function showMessage(path: string, sid: string, account: TwilioAccount): Reply {
    const message = network.file.findMessage(sid)
    if (message?.account !== account.accountSid) return notFound(path)
    return jsonReply(200, messageResource({ message, status: 'delivered', numMedia: 0 }))
  }

  function showAccount(path: string, account: TwilioAccount): Reply {
    const date = rfc2822(0)
    return jsonReply(200, {
      sid: account.accountSid,
      owner_account_sid: account.accountSid,
      friendly_name: 'SMS sandbox',
      status: 'active',
      type: 'Full',
      date_created: date,
      date_updated: date,
      uri: path,
      subresource_uris: { messages: path.replace('.json', '/Messages.json') },
    })
  }

  function forAccount(
    request: WireRequest,
    accountSid: string | undefined,
    answer: (account: TwilioAccount) => Reply,
  ): Reply {
    const account = authenticate(request.headers.authorization, accounts)
    if (!account) return unauthorized
    if (accountSid !== undefined && accountSid !== account.accountSid) return unauthorized
    return answer(account)
  }
}

/** Our id of a message travels to Twilio and back as `token` in the address of its status callback. */
function tokenOf(statusCallback: string | null): string | undefined {
  if (!statusCallback?.includes('token=')) return undefined
  return URL.parse(statusCallback)?.searchParams.get('token') ?? undefined
}
