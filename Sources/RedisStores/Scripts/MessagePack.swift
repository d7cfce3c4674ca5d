#if Redis
    /// A value as MessagePack writes it (https://github.com/msgpack/msgpack/blob/master/spec.md): a script reads a whole
    /// question at once, in less time than as many words.
    struct MessagePack: Sendable {
        private(set) var bytes: [UInt8] = []

        /// A number whose size a double holds exactly, which is all that a script reads.
        mutating func add(_ number: Int64) {
            if (0..<128).contains(number) { return bytes.append(UInt8(number)) }
            bytes.append(0xD3)
            append(UInt64(bitPattern: number))
        }

        mutating func add(_ text: String) {
            bytes.append(0xDB)
            append(UInt32(text.utf8.count))
            bytes += text.utf8
        }

        mutating func add(_ flag: Bool) { bytes.append(flag ? 0xC3 : 0xC2) }

        mutating func addNil() { bytes.append(0xC0) }

        /// Begins a list: what is added next are its elements.
        mutating func beginList(_ count: Int) {
            bytes.append(0xDD)
            append(UInt32(count))
        }

        mutating func addList<Element>(_ elements: [Element], _ add: (inout MessagePack, Element) -> Void) {
            beginList(elements.count)
            for element in elements { add(&self, element) }
        }

        private mutating func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
    }
#endif
