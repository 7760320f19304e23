import COpenSSL

@testable import Certificates

/// A key pair for a test.
final class TestKey: Sendable {
    enum Kind: Sendable {
        case rsa(Int32)
        case curve(Int32)
        case ed25519
        case x25519
    }

    // OpenSSL's keys may be read from several threads; the tests never change one.
    nonisolated(unsafe) let handle: OpaquePointer

    struct Failure: Error {}

    init(_ kind: Kind = .curve(NID_X9_62_prime256v1)) throws {
        let type =
            switch kind {
            case .rsa: EVP_PKEY_RSA
            case .curve: EVP_PKEY_EC
            case .ed25519: EVP_PKEY_ED25519
            case .x25519: EVP_PKEY_X25519
            }
        guard let context = EVP_PKEY_CTX_new_id(type, nil) else { throw Failure() }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_keygen_init(context) == 1 else { throw Failure() }
        switch kind {
        case .rsa(let bits):
            guard EVP_PKEY_CTX_set_rsa_keygen_bits(context, bits) == 1 else { throw Failure() }
        case .curve(let curve):
            guard EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve) == 1 else { throw Failure() }
        case .ed25519, .x25519:
            break
        }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen(context, &made) == 1, let made else { throw Failure() }
        handle = made
    }

    deinit {
        EVP_PKEY_free(handle)
    }

    var pkcs8: [UInt8] { text { vi_write_private_key($0, handle) } }

    /// PKCS#1 for RSA, SEC 1 for EC.
    var traditional: [UInt8] {
        text { PEM_write_bio_PrivateKey_traditional($0, handle, nil, nil, 0, nil, nil) }
    }

    func pkcs8(password: String) -> [UInt8] {
        text {
            PEM_write_bio_PKCS8PrivateKey($0, handle, EVP_aes_256_cbc(), password, Int32(password.utf8.count), nil, nil)
        }
    }

    func traditional(password: String) -> [UInt8] {
        var bytes = Array(password.utf8)
        return text {
            PEM_write_bio_PrivateKey_traditional(
                $0, handle, EVP_aes_256_cbc(), &bytes, Int32(bytes.count), nil, nil)
        }
    }

    var publicPEM: [UInt8] { text { PEM_write_bio_PUBKEY($0, handle) } }

    private func text(_ write: (OpaquePointer) -> Int32) -> [UInt8] {
        guard let bio = try? MemoryBIO(), write(bio.handle) == 1 else { return [] }
        return [UInt8](bio.contents)
    }
}
