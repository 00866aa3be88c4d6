import type { Request, Response } from 'express'

type Act = (session: Request['session'], req: Request) => unknown

/** A route that does something to the session and then answers. */
export function doing(act: Act) {
  return (req: Request, res: Response) => {
    act(req.session, req)
    res.send('done')
  }
}
