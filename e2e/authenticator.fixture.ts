import type { Page } from 'playwright-core'

export type Authenticator = {
  /** Built into the device, or a security key. */
  transport?: 'internal' | 'usb'
  /** Knows its user by fingerprint, face or PIN. */
  userVerified?: boolean
  /** Synced to the user's other devices. */
  backedUp?: boolean
  /** Finds its passkey without being given the user's name. */
  discoverable?: boolean
}

/** Gives the page's browser an authenticator that consents at once (WebAuthn L3 §11). */
export async function plugIn(
  page: Page,
  {
    transport = 'internal',
    userVerified = true,
    backedUp = false,
    discoverable = true,
  }: Authenticator = {},
) {
  const browser = await page.context().newCDPSession(page)
  await browser.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: discoverable,
      hasUserVerification: userVerified,
      isUserVerified: userVerified,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: backedUp,
      defaultBackupState: backedUp,
    },
  })
  return {
    /** The device is lost: nothing answers any more. */
    remove: () => browser.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
    /** Whether its user touches it when asked. */
    setWilling: (enabled: boolean) =>
      browser.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
  }
}
