package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// message is one message of the MongoDB wire protocol. Its header has four int32: length, request id,
// the id it answers and the op code. An OP_MSG continues with int32 flags and a section: its kind (0 for the
// command), its length, and the type and name of its first field.
type message []byte

const (
	headerLength   = 16
	flagsAt        = 16
	sectionKindAt  = 20
	commandNameAt  = 26
	maxLength      = 48_000_000
	opQuery        = 2004 // only the legacy handshake uses it
	opMsg          = 2013
	moreToCome     = 1 << 1
	checksumFollow = 1 << 0
)

func readMessage(from io.Reader) (message, error) {
	var length [4]byte
	if _, err := io.ReadFull(from, length[:]); err != nil {
		return nil, err
	}
	size := int64(binary.LittleEndian.Uint32(length[:]))
	if size < headerLength || size > maxLength {
		return nil, fmt.Errorf("a message of %d bytes", size)
	}
	whole := make(message, size)
	copy(whole, length[:])
	_, err := io.ReadFull(from, whole[len(length):])
	return whole, err
}

func (m message) opCode() uint32 { return binary.LittleEndian.Uint32(m[12:]) }

// clearMoreToCome reports whether the sender expects no answer, and clears that flag.
func (m message) clearMoreToCome() bool {
	if m.opCode() != opMsg || len(m) <= flagsAt+4 || m[flagsAt]&moreToCome == 0 {
		return false
	}
	if m[flagsAt]&checksumFollow == 0 {
		m[flagsAt] &^= moreToCome
	}
	return true
}

func (m message) isRead() bool {
	if m.opCode() == opQuery {
		return true
	}
	if m.opCode() != opMsg || len(m) <= commandNameAt || m[sectionKindAt] != 0 {
		return false
	}
	name, _, _ := bytes.Cut(m[commandNameAt:], []byte{0})
	return reads[string(name)]
}

var reads = map[string]bool{
	"aggregate": true, "buildInfo": true, "buildinfo": true, "collStats": true, "connectionStatus": true,
	"count": true, "dataSize": true, "dbStats": true, "distinct": true, "endSessions": true,
	"explain": true, "find": true, "getMore": true, "hello": true, "isMaster": true, "ismaster": true,
	"killCursors": true, "listCollections": true, "listDatabases": true, "listIndexes": true,
	"ping": true, "serverStatus": true, "whatsmyuri": true,
}
