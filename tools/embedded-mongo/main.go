// Embedded-mongo is a MongoDB for development and tests on machines without mongod: FerretDB on
// SQLite, behind a TCP listener of its own that takes writes one at a time (see relay.go for why).
//
// README: `go build -o embedded-mongo . && ./embedded-mongo --port 27017 --dir data` prints one line
// when it is ready and stops cleanly on SIGTERM. tools/services builds and starts it; not for production.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

const (
	// Relative to the data folder, so that a deep path never meets a socket path's limit of 108 bytes.
	socketPath = "socket"
	lockPath   = "lock"

	timeToFinish = 5 * time.Second
)

func main() {
	port := flag.Int("port", 0, "TCP port on 127.0.0.1; 0 takes a free one")
	dir := flag.String("dir", ".", "folder for the data, made where missing")
	flag.Parse()

	if err := run(*port, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "embedded-mongo:", err)
		os.Exit(1)
	}
}

func run(port int, dir string) error {
	stopped, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)

	lock, err := claim(dir)
	if err != nil {
		return err
	}
	defer lock.Close()

	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	stopDatabase, err := startDatabase()
	if err != nil {
		return err
	}
	defer stopDatabase()

	relay := newRelay(listener, socketPath)
	go relay.serve()
	fmt.Printf("embedded-mongo is ready on mongodb://%s\n", listener.Addr())

	<-stopped.Done()
	relay.stop(timeToFinish)
	return nil
}

// claim makes dir the working folder and keeps a second process out of it: the write lock would not
// reach across two. The system frees the claim when the process ends, however it ends.
func claim(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(lockPath, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, fmt.Errorf("the data in %s is in use by another process", dir)
	}
	return lock, nil
}

// startDatabase runs FerretDB on the unix socket and returns what stops it. Its telemetry never
// runs when embedded. A commit is synced before it is acknowledged.
func startDatabase() (stop func(), err error) {
	if err := os.Mkdir("data", 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := os.Remove(socketPath); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	database, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socketPath},
		Handler:   "sqlite",
		SQLiteURL: "file:data/?_pragma=synchronous(full)",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return nil, err
	}

	running, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- database.Run(running) }()
	return func() {
		cancel()
		<-ended
	}, nil
}
