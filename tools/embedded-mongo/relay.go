package main

import (
	"net"
	"sync"
	"time"
)

// FerretDB reads and then writes in two steps: of 50 compare-and-sets at once on one document, 2 won.
// So the relay passes on whole messages and holds one lock from a command until its answer, shared by
// reads and exclusive for everything else. The lock is never held while a client is read from or
// written to: a client that dies or stalls cannot keep it.
type relay struct {
	listener net.Listener
	socket   string
	lock     sync.RWMutex

	mutex   sync.Mutex
	stopped bool
	clients map[net.Conn]struct{}
	serving sync.WaitGroup
}

func newRelay(listener net.Listener, socket string) *relay {
	return &relay{listener: listener, socket: socket, clients: map[net.Conn]struct{}{}}
}

func (r *relay) serve() {
	for {
		client, err := r.listener.Accept()
		if err != nil {
			if r.isStopped() {
				return
			}
			time.Sleep(10 * time.Millisecond) // out of file descriptors, say
			continue
		}
		if r.add(client) {
			go r.serveClient(client)
		}
	}
}

// stop takes no more connections and no more commands, and gives those under way time to be answered.
func (r *relay) stop(patience time.Duration) {
	r.mutex.Lock()
	r.stopped = true
	r.listener.Close()
	for client := range r.clients {
		client.SetReadDeadline(time.Now())
	}
	r.mutex.Unlock()

	answered := make(chan struct{})
	go func() { r.serving.Wait(); close(answered) }()
	select {
	case <-answered:
	case <-time.After(patience):
	}
}

func (r *relay) isStopped() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.stopped
}

func (r *relay) add(client net.Conn) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stopped {
		client.Close()
		return false
	}
	r.clients[client] = struct{}{}
	r.serving.Add(1)
	return true
}

func (r *relay) remove(client net.Conn) {
	client.Close()
	r.mutex.Lock()
	delete(r.clients, client)
	r.mutex.Unlock()
	r.serving.Done()
}

func (r *relay) serveClient(client net.Conn) {
	defer r.remove(client)
	database, err := net.Dial("unix", r.socket)
	if err != nil {
		return
	}
	defer database.Close()

	for {
		request, err := readMessage(client)
		if err != nil {
			return
		}
		silent := request.clearMoreToCome()
		answer, err := r.ask(database, request)
		if err != nil {
			return
		}
		if silent {
			continue // FerretDB answers every message, also those whose sender does not listen
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

func (r *relay) ask(database net.Conn, request message) (message, error) {
	if request.isRead() {
		r.lock.RLock()
		defer r.lock.RUnlock()
	} else {
		r.lock.Lock()
		defer r.lock.Unlock()
	}
	if _, err := database.Write(request); err != nil {
		return nil, err
	}
	return readMessage(database)
}
