#!/bin/sh
# The certificates that tests of TLS are made with: a CA, a server of this machine, a client, and a
# server of another name. For tests alone; good for a hundred years. Run in this folder.
set -eu
new() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key.pem"; }
signed() { # name, extensions
    new "$1"
    openssl req -new -key "$1.key.pem" -subj "/CN=$1 of the workbook's tests" -out "$1.csr"
    printf '%s\n' "$2" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key.pem -CAcreateserial -days 36500 \
        -extfile "$1.ext" -out "$1.pem"
}
new ca
openssl req -x509 -new -key ca.key.pem -days 36500 -subj "/CN=the workbook's tests" -out ca.pem
signed server "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
signed elsewhere "subjectAltName=DNS:elsewhere.example"
signed client "extendedKeyUsage=clientAuth"
rm -f -- *.csr *.ext *.srl ca.key.pem
