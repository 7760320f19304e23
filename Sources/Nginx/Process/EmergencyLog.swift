internal import Glibc
internal import NginxConfig

/// The log in which nginx writes why it could not start or reload. nginx appends to it: clear it before each attempt.
struct EmergencyLog {
    let state: StateDirectory

    func clear() {
        truncate(state.emergencyLog.text, 0)
    }

    /// nginx's message; nil if the log has none.
    var message: String? {
        guard let file = try? OpenFile(state.emergencyLog.text, flags: O_RDONLY, operation: "open"),
            let bytes = try? file.readAll()
        else { return nil }
        return NginxMessage.worst(in: String(decoding: bytes, as: UTF8.self))?.text
    }
}
