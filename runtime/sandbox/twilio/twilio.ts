import type { TwilioAccount } from '../accounts.ts'
import type { SmsNetwork } from '../sms-network.ts'
import type { Call, Emulator, Reply, WireRequest } from '../wire.ts'
import { authenticate } from './authenticate.ts'
import { reportTwilioStatus, undeliveredCodes } from './callbacks.ts'
import { checkMessage } from './check-message.ts'
import { contentPlace, showContent } from './contents.ts'
import { listMessages } from './list-messages.ts'
import { endOf, messageResource, rfc2822 } from './message-resource.ts'
import { jsonReply, notFound, refuse, unauthorized } from './replies.ts'

/** The account itself, its messages, or one of them. */
const place =
  /^\/2010-04-01\/Accounts\/(?<account>[^/]+?)(?<messages>\/Messages(?:\/(?<message>[^/]+?))?)?\.json$/
interface Place {
  account?: string
  messages?: string
  message?: string
  content?: string
}

/** Twilio's REST API of 2010-04-01, as far as it sends and shows messages and names the account; and its content templates. */
export function twilioEmulator(accounts: readonly TwilioAccount[], network: SmsNetwork): Emulator {
  return {
    read(request) {
      const found = (place.exec(request.path) ?? contentPlace.exec(request.path))?.groups as Place | undefined
      const sends = request.method === 'POST' && found?.messages !== undefined && found.message === undefined
      return sends ? sendCall(request, found) : lookUpCall(request, found)
    },
    throttled: () => refuse({ code: 20429, message: 'Too Many Requests', status: 429 }),
    failed: () => refuse({ code: 20500, message: 'An internal server error has occurred', status: 500 }),
    tooLarge: () => refuse({ code: 20001, message: 'The request body is too large', status: 413 }),
  }

  function sendCall(request: WireRequest, found: Place): Call {
    const form = new URLSearchParams(request.body.toString())
    return {
      action: 'CreateMessage',
      sends: true,
      to: form.get('To') ?? undefined,
      token: tokenOf(form.get('StatusCallback')),
      answer: () => forAccount(request, found.account, (account) => send(form, account)),
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
      failure: failureOf(checked.to),
    })
    const status = checked.messagingServiceSid ? 'accepted' : 'queued'
    const callback = form.get('StatusCallback')
    if (callback !== null) reportTwilioStatus(message, callback, account, status, network)
    return {
      ...jsonReply(201, messageResource({ message, status, numMedia: checked.numMedia })),
      accepted: true,
    }
  }

  function failureOf(to: string): string | null {
    const { delivery } = network.receipts.of(to)
    return delivery === 'undelivered' || delivery === 'failed' ? undeliveredCodes[delivery] : null
  }

  function lookUpCall(request: WireRequest, found: Place | undefined): Call {
    const { method, path, query } = request
    const answer = (account: TwilioAccount): Reply => {
      if (!found) return notFound(path)
      if (method !== 'GET') return refuse({ code: 20004, message: 'Method not allowed', status: 405 })
      if (found.content !== undefined) return showContent(path, found.content, account)
      if (found.message !== undefined) return showMessage(path, found.message, account)
      if (found.messages !== undefined) return listMessages(path, query, account, network.file)
      return showAccount(path, account)
    }
    return {
      action: 'LookUp',
      sends: false,
      to: undefined,
      token: undefined,
      answer: () => forAccount(request, found?.account, answer),
    }
  }

  function showMessage(path: string, sid: string, account: TwilioAccount): Reply {
    const message = network.file.findMessage(sid)
    if (message?.account !== account.accountSid) return notFound(path)
    return jsonReply(200, messageResource({ message, status: endOf(message), numMedia: 0 }))
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
