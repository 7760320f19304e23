internal import Basics
internal import Foundation
internal import KubernetesAPI

/// The output of an exec plugin.
struct ExecCredential: Sendable, Equatable {
    var token: Secret?
    /// PEM, as the key.
    var certificate: [UInt8]?
    var key: [UInt8]?
    /// Nil: valid until the server rejects it.
    var expires: Date?

    /// - Throws: an error that describes the problem without the secret output.
    init(_ json: String, version: ExecPlugin.Version, command: String) throws(CredentialsError) {
        let answer: Answer
        do {
            answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
        } catch {
            throw CredentialsError(command, "expected an ExecCredential as JSON: \(DecodingProblem.line(error))")
        }
        guard answer.kind == "ExecCredential", answer.apiVersion == version.rawValue else {
            throw CredentialsError(
                command,
                "expected an ExecCredential of \(version.rawValue), found \(answer.kind) of \(answer.apiVersion)")
        }
        let status = answer.status
        token = status?.token.flatMap { $0.isEmpty ? nil : Secret($0) }
        certificate = status?.clientCertificateData.map { [UInt8]($0.utf8) }
        key = status?.clientKeyData.map { [UInt8]($0.utf8) }
        expires = status?.expirationTimestamp?.date
        guard (certificate == nil) == (key == nil) else {
            throw CredentialsError(
                command, field: "status", "expected clientCertificateData and clientKeyData together, found one of them"
            )
        }
        guard token != nil || certificate != nil else {
            throw CredentialsError(command, field: "status", "expected a token or a client certificate, found neither")
        }
    }

    private struct Answer: Decodable {
        var apiVersion: String
        var kind: String
        var status: Status?

        struct Status: Decodable {
            var token: String?
            var clientCertificateData: String?
            var clientKeyData: String?
            var expirationTimestamp: RFC3339?
        }
    }
}

extension ExecCredential: CustomStringConvertible, CustomReflectable {
    var description: String { "<redacted>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
