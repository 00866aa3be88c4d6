// Embedded-mongo is a MongoDB substitute for development and tests on machines without mongod. It is
// FerretDB on SQLite behind a relay that performs writes one at a time (see relay.go). It is not for
// production.
//
// tools/services builds and starts it. By hand, `go build -o embedded-mongo .` and
// `./embedded-mongo --port 27017 --dir data`. It prints one line when it is ready and stops cleanly on
// SIGTERM.
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
	// Relative to the data folder, because a socket path is limited to 108 bytes.
	socketPath = "socket"
	lockPath   = "lock"

	timeToFinish = 5 * time.Second
)

func main() {
	port := flag.Int("port", 0, "TCP port on 127.0.0.1; 0 picks a free one")
	dir := flag.String("dir", ".", "folder for the data, created if missing")
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

// claim changes to dir and locks it against a second process, because the relay's lock only works within
// one. The operating system releases the file lock when the process ends, even by SIGKILL.
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

// startDatabase runs FerretDB on the unix socket and returns a function that stops it. Commits are synced
// before they are acknowledged. Embedded FerretDB sends no telemetry.
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
