// What a program that uses the JavaScript libraries does, one scenario a run:
// node scenarios.mjs NAME, the portal in the environment variable PORTAL as JSON; the outcome is printed as JSON.
import { B24Hook, B24OAuth } from '@bitrix24/b24jssdk'

const portal = JSON.parse(process.env.PORTAL)
const example = { filter: { '=MESSAGE_ID': 1, '=EVENT_NAME': 'ONCRMLEADADD', '>=ID': 1 }, auth_connector: 'BxTest' }

function oauth() {
  return new B24OAuth({ ...portal.oauth }, { ...portal.secret })
}

async function call($b24, method, params = {}) {
  return (await $b24.actions.v2.call.make({ method, params })).getData()?.result
}

async function small() {
  const { default: Bitrix } = await import('@2bad/bitrix')
  return (Bitrix.default ?? Bitrix)(portal.hook)
}

const scenarios = {
  // As the documentation's page has it.
  async example() {
    const $b24 = oauth()
    const response = await $b24.callMethod('event.offline.get', example)
    return response.getData().result
  },

  async queue() {
    const $b24 = oauth()
    const bound = await call($b24, 'event.bind', { event: 'ONCRMLEADADD', event_type: 'offline' })
    const taken = await call($b24, 'event.offline.get', { clear: 0 })
    const [failing, ...done] = taken.events.map((event) => event.MESSAGE_ID)
    const failed = await call($b24, 'event.offline.error', { process_id: taken.process_id, message_id: [failing] })
    const confirmed = await call($b24, 'event.offline.clear', { process_id: taken.process_id, message_id: done })
    return { bound, failed, confirmed, failing }
  },

  async pages() {
    const response = await oauth().callListMethod('event.offline.list', {})
    return new Set(response.getData().map((row) => row.ID)).size
  },

  async batch() {
    const response = await oauth().actions.v2.batch.make({
      calls: { who: { method: 'profile', params: {} }, what: { method: 'event.offline.list', params: { filter: { '>ID': 0 } } } },
      options: { isHaltOnError: true }
    })
    const data = response.getData()
    return { who: data.who.ID, what: data.what.length }
  },

  // Ten calls at once with a token that has ended: the library promises one refresh.
  async refresh() {
    const $b24 = oauth()
    let refreshes = 0
    $b24.setCallbackRefreshAuth(async () => { refreshes += 1 })
    const users = await Promise.all(Array.from({ length: 10 }, () => call($b24, 'profile')))
    return { refreshes, users: users.map((user) => user.ID) }
  },

  async refusal() {
    try {
      const response = await B24Hook.fromWebhookUrl(portal.webhook).actions.v2.call.make({ method: 'event.offline.get', params: example })
      return { success: response.isSuccess, messages: response.getErrorMessages() }
    } catch (error) {
      return { code: error.code, status: error.status }
    }
  },

  async hook() {
    return (await call(B24Hook.fromWebhookUrl(portal.webhook), 'profile')).ID
  },

  async limited() {
    return (await call(oauth(), 'profile')).ID
  },

  async small() {
    return (await (await small()).call('profile', {})).result.ID
  },

  async smallPages() {
    const { result } = await (await small()).list('crm.lead.list', { select: ['TITLE'] })
    return new Set(result.map((lead) => lead.ID)).size
  },

  async smallBatch() {
    const { result } = await (await small()).batch({ who: { method: 'profile' }, when: { method: 'server.time' } })
    return result.result.who.ID
  },

  async smallRefusal() {
    try {
      await (await small()).call('event.offline.get', {})
    } catch (error) {
      return error.message
    }
  }
}

console.log = console.info = console.warn = () => {}
const outcome = await scenarios[process.argv[2]]()
process.stdout.write(JSON.stringify(outcome) + '\n')
process.exit(0)
