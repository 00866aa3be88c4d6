import type { Site } from '../../http/pages/render-page.ts'
import type { SignInHour } from '../../audit/count-sign-ins.ts'
import { moment } from '../../http/pages/moment.ts'
import { paths } from '../../http/paths.ts'
import type { Overview } from './gather-overview.ts'
import { renderAdminPage } from '../render-admin-page.ts'
import { signInChart } from './sign-in-chart.ts'

const names: Record<string, string> = { redis: 'Redis', mongo: 'MongoDB', users: 'User service' }

/** The state of the system at a glance. */
export function overviewPage(site: Site, { signIns, dependencies, ...counts }: Overview): string {
  return renderAdminPage(site, {
    template: 'admin/system/overview.page.eta',
    title: 'Overview',
    section: paths.admin,
    data: {
      ...counts,
      signIns: signIns && describe(signIns),
      dependencies: [
        ...Object.entries(dependencies).map(([name, { status, ms }]) => ({
          name: names[name] ?? name,
          isUp: status === 'up',
          words: status === 'up' ? `Answers in ${ms} ms` : 'Does not answer',
        })),
        ...describeBroker(counts),
      ],
    },
  })
}

function describe(hours: SignInHour[]) {
  return {
    chart: signInChart(hours),
    signedIn: hours.reduce((sum, { signedIn }) => sum + signedIn, 0),
    refused: hours.reduce((sum, { refused }) => sum + refused, 0),
    hours: hours.map(({ from, ...counts }) => ({
      ...counts,
      from: moment(from),
      hour: hourOf(from),
    })),
  }
}

function hourOf(from: Date): string {
  return `${from.toISOString().slice(11, 13)}:00`
}

/** Requests succeed without RabbitMQ, so it is not among the readiness checks. */
function describeBroker({ queues }: Pick<Overview, 'queues'>) {
  if (queues === undefined) return []
  const words = queues ? 'Answers' : 'Does not answer: e-mails wait in their outboxes'
  return [{ name: 'RabbitMQ', isUp: queues !== null, words }]
}
