#ifndef VAULT_INGRESS_COPENSSL_H
#define VAULT_INGRESS_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// OpenSSL's function-like macros do not import into Swift: one typed wrapper each.

/// The bytes a memory BIO holds, valid until it is written to or freed.
static inline size_t vi_bio_bytes(BIO *_Nonnull bio, const char *_Nullable *_Nonnull bytes) {
    char *data = NULL;
    long count = BIO_get_mem_data(bio, &data);
    *bytes = data;
    return count > 0 ? (size_t)count : 0;
}

/// Refuses the password, and notes that one was asked for. (Without a callback OpenSSL asks at the terminal.)
static inline int vi_refuse_password(char *_Nullable buffer, int size, int writing, void *_Nullable asked) {
    (void)buffer;
    (void)size;
    (void)writing;
    *(int *)asked = 1;
    return -1;
}

/// The first private key of a PEM text; `encrypted` becomes 1 where it needs a password.
static inline EVP_PKEY *_Nullable vi_read_private_key(BIO *_Nonnull bio, int *_Nonnull encrypted) {
    return PEM_read_bio_PrivateKey(bio, NULL, vi_refuse_password, encrypted);
}

/// PKCS#8, not encrypted.
static inline int vi_write_private_key(BIO *_Nonnull bio, const EVP_PKEY *_Nonnull key) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
}

/// The subjectAltName extension; NULL where there is none, or where it does not decode.
static inline GENERAL_NAMES *_Nullable vi_subject_alt_names(const X509 *_Nonnull certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int vi_general_names_count(const GENERAL_NAMES *_Nonnull names) {
    return sk_GENERAL_NAME_num(names);
}

/// The dNSName at that position, as its bytes; NULL for a name of another kind.
static inline const unsigned char *_Nullable vi_dns_name(
    const GENERAL_NAMES *_Nonnull names, int index, int *_Nonnull length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != GEN_DNS) {
        return NULL;
    }
    *length = ASN1_STRING_length(name->d.dNSName);
    return ASN1_STRING_get0_data(name->d.dNSName);
}

/// The subject in the notation of RFC 2253, which escapes control characters and bytes above 127.
static inline int vi_print_subject(BIO *_Nonnull bio, const X509 *_Nonnull certificate) {
    return X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
}

#endif
