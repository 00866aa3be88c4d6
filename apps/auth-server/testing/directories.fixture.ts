import { startTcpProxy, type TcpProxy } from '../../../tools/testing/tcp-proxy.ts'
import { testMongoUrl } from '../../../tools/testing/test-services.ts'
import { createUser } from '../src/users/create-user.ts'
import { newUser, testUsers } from './users.fixture.ts'
import { httpUserDirectory } from '../src/users/directory/http-user-directory.ts'
import { mongoUserDirectory } from '../src/users/directory/mongo-user-directory.ts'
import type { DirectoryUser, UserDirectory } from '../src/users/user-directory.ts'
import { startUserService } from './user-service.fixture.ts'

export const password = 'seven quiet rivers meet'

type UserState = Partial<Pick<DirectoryUser, 'roles' | 'verifiedAt' | 'suspendedAt' | 'deletingAt'>>

/** A directory behind a proxy that can fail, and a way to add users to it. */
export type DirectoryWorld = {
  directory: UserDirectory
  network: TcpProxy
  /** Adds a user with the fixture's password, confirmed by default. Returns the id. */
  add(user: UserState & { username: string; email: string }): Promise<string>
  close(): Promise<void>
}

/** The directory over the auth server's own MongoDB. */
export async function mongoWorld(cost: number): Promise<DirectoryWorld> {
  const world = await testUsers()
  const network = await startTcpProxy({ url: testMongoUrl() })
  const far = await testUsers(`${network.url}/${world.connection.name}`)
  const config = { ...world.config, bcryptCost: cost }
  return {
    directory: mongoUserDirectory({ users: far.users, cost }),
    network,
    async add({ username, email, suspendedAt = null, deletingAt = null, ...state }) {
      const user = { verifiedAt: new Date(), roles: [], ...state }
      const names = newUser({ username, email, password })
      const { id } = await createUser({ users: world.users, config }, { ...names, ...user })
      await world.users.updateOne({ _id: id }, { $set: { suspendedAt, deletingAt } })
      return id
    },
    async close() {
      await far.connection.close()
      await network.stop()
      await world.close()
    },
  }
}

/** The directory over the reference user service. */
export async function httpWorld(cost: number): Promise<DirectoryWorld> {
  const service = await startUserService({ cost })
  const network = await startTcpProxy({ url: service.url })
  const url = new URL('/users/', network.url)
  return {
    directory: httpUserDirectory({ url, token: service.token }),
    network,
    async add({ username, email, roles = [], verifiedAt = new Date(), ...state }) {
      const { id } = await service.add({
        username,
        email,
        password,
        roles,
        verifiedAt: verifiedAt?.toISOString() ?? null,
        suspendedAt: state.suspendedAt?.toISOString() ?? null,
        deletingAt: state.deletingAt?.toISOString() ?? null,
      })
      return id
    },
    async close() {
      await network.stop()
      await service.close()
    },
  }
}
