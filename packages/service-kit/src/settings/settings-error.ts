export type SettingProblem = { setting: string; problem: string }

/** The environment cannot be used. The message names every problem, and no setting's value. */
export class SettingsError extends Error {
  readonly problems: SettingProblem[]

  constructor(problems: SettingProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting}: ${problem}`)
    super(['These settings need attention:', ...lines].join('\n'))
    this.name = 'SettingsError'
    this.problems = problems
  }
}
