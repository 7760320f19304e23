# What the controller may do in Vault: read certificates, and nothing else. `secret/` is a KV 2 engine; in KV 1 the path
# would be secret/ssl/*.
path "secret/data/ssl/*" {
  capabilities = ["read"]
}

# May be left out: with it a refresh asks for versions and reads only the certificates that changed.
path "secret/metadata/ssl/*" {
  capabilities = ["read"]
}
