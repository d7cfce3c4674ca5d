/// The themes that are compiled in: one file in this folder, named in Package.swift, and one line here.
public enum BuiltInThemes {
    public static let all: [(name: String, yaml: [UInt8])] = [
        ("foundry", PackageResources.foundry_yml),
        ("parchment", PackageResources.parchment_yml),
        ("high-contrast", PackageResources.high_contrast_yml),
        ("colorblind", PackageResources.colorblind_yml),
        ("mono", PackageResources.mono_yml),
    ]
}
