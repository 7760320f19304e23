import CCurl

/// Owns a libcurl easy handle, the lists it points to and its error buffer.
struct EasyHandle: ~Copyable {
    struct Failure: Error {
        let code: CURLcode
    }

    let raw: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    /// Takes ownership of the handle.
    init(_ raw: UnsafeMutableRawPointer) {
        self.raw = raw
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        ccurl_easy_setopt_pointer(raw, CURLOPT_ERRORBUFFER, errorBuffer)
    }

    deinit {
        curl_easy_cleanup(raw)
        for list in lists { curl_slist_free_all(list) }
        errorBuffer.deallocate()
    }

    var message: String { String(cString: errorBuffer) }

    /// The errno of the last failed connect, or 0.
    var systemError: Int32 {
        var value = 0
        ccurl_easy_getinfo_long(raw, CURLINFO_OS_ERRNO, &value)
        return Int32(truncatingIfNeeded: value)
    }

    func set(_ option: CURLoption, _ value: Int) throws(Failure) {
        try Self.check(ccurl_easy_setopt_long(raw, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(Failure) {
        try set(option, value ? 1 : 0)
    }

    func set(_ option: CURLoption, _ value: String?) throws(Failure) {
        try Self.check(ccurl_easy_setopt_string(raw, option, value))
    }

    /// The pointer must stay valid until the handle is removed from the multi handle.
    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) throws(Failure) {
        try Self.check(ccurl_easy_setopt_pointer(raw, option, pointer))
    }

    func set(_ option: CURLoption, _ callback: curl_write_callback) throws(Failure) {
        try Self.check(ccurl_easy_setopt_callback(raw, option, callback))
    }

    func set(_ option: CURLoption, blob: [UInt8]) throws(Failure) {
        let code = blob.withUnsafeBytes { bytes in
            bytes.baseAddress.map { ccurl_easy_setopt_blob(raw, option, $0, bytes.count) }
        }
        try Self.check(code ?? CURLE_BAD_FUNCTION_ARGUMENT)
    }

    func setBody(_ body: [UInt8]) throws(Failure) {
        let code = body.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress {
                ccurl_easy_set_body(raw, base, bytes.count)
            } else {
                ccurl_easy_set_body(raw, "", 0)
            }
        }
        try Self.check(code)
    }

    /// Prevents nginx and other child processes from inheriting the sockets.
    func setCloseOnExec() throws(Failure) {
        try Self.check(ccurl_easy_set_close_on_exec(raw))
    }

    mutating func setList(_ option: CURLoption, _ lines: [String]) throws(Failure) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let grown = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw Failure(code: CURLE_OUT_OF_MEMORY)
            }
            list = grown
        }
        guard let list else { return }
        lists.append(list)
        try Self.check(ccurl_easy_setopt_list(raw, option, list))
    }

    private static func check(_ code: CURLcode) throws(Failure) {
        guard code == CURLE_OK else { throw Failure(code: code) }
    }
}
