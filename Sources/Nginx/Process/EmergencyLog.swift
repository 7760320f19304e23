internal import Glibc
internal import NginxConfig

/// What nginx could not start or reload for. It appends; whoever wants to know about one attempt clears it before.
struct EmergencyLog {
    let state: StateDirectory

    func clear() {
        truncate(state.emergencyLog.text, 0)
    }

    /// nginx's own; nil when it said nothing.
    var words: String? {
        guard let file = try? OpenFile(state.emergencyLog.text, flags: O_RDONLY, operation: "open"),
            let bytes = try? file.readAll()
        else { return nil }
        return NginxMessage.worst(in: String(decoding: bytes, as: UTF8.self))?.text
    }
}
