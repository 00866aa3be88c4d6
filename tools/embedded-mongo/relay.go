package main

import (
	"net"
	"sync"
	"time"
)

// relay forwards whole messages and holds a lock from each command to its answer: shared for reads,
// exclusive for everything else. FerretDB reads and writes in two steps, so without the lock 2 of 50
// concurrent compare-and-sets on one document succeeded. The lock is never held while reading from or
// writing to a client, so a client that dies or stalls cannot keep it.
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
			time.Sleep(10 * time.Millisecond) // for example, out of file descriptors
			continue
		}
		if r.add(client) {
			go r.serveClient(client)
		}
	}
}

// stop accepts no more connections or commands, and waits for pending commands to be answered.
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
			continue // FerretDB answers every message, even if the sender expects no answer
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
