import Core
import Testing

@testable import Studio

/// The studio's table of loops, typed from its design: what the data must say, step by step.
@Suite struct LoopTableTests {
    /// `role(consulted): inputs -> outputs`; inputs are named where the design names them.
    private static let table: [(loop: String, steps: [(name: String, line: String)])] = [
        (
            "story_spark",
            [
                ("generate_hooks", "plotwright(lore_weaver): project_metadata -> hook_card"),
                ("create_topology", "plotwright(lore_weaver, style_lead): hook_card -> tu_brief"),
                ("create_tu_brief", "plotwright(gatekeeper): hook_card -> tu_brief"),
                ("create_section_briefs", "plotwright(style_lead, codex_curator): tu_brief -> canon_pack"),
                ("draft_scenes", "scene_smith(style_lead): tu_brief, canon_pack -> scene"),
                ("pre_gate_check", "gatekeeper(): tu_brief, canon_pack, scene -> gatecheck_report"),
            ]
        ),
        (
            "hook_harvest",
            [
                ("collect_hooks", "showrunner(): hook_card -> hook_card"),
                ("cluster_hooks", "showrunner(lore_weaver, plotwright): hook_card -> hook_card"),
                (
                    "annotate_hooks",
                    "showrunner(lore_weaver, plotwright, scene_smith, codex_curator): hook_card -> hook_card"
                ),
                ("decide_triage", "showrunner(lore_weaver, plotwright): hook_card -> hook_card"),
                ("package_harvest", "showrunner(): hook_card -> harvest_sheet"),
            ]
        ),
        (
            "lore_deepening",
            [
                ("frame_questions", "lore_weaver(showrunner): hook_card -> canon_pack"),
                ("draft_canon", "lore_weaver(researcher): hook_card, canon_pack -> canon_pack"),
                ("check_contradictions", "lore_weaver(showrunner): … -> canon_pack"),
                ("create_impact_notes", "lore_weaver(plotwright, scene_smith): … -> canon_pack"),
                ("package_canon", "lore_weaver(): … -> canon_pack"),
            ]
        ),
        (
            "codex_expansion",
            [
                ("select_topics", "codex_curator(showrunner): canon_pack -> codex_entry"),
                ("draft_entries", "codex_curator(lore_weaver): canon_pack, codex_entry -> codex_entry"),
                ("spoiler_sweep", "codex_curator(lore_weaver): canon_pack, codex_entry -> codex_entry"),
                ("style_pass", "codex_curator(style_lead): canon_pack, codex_entry -> codex_entry"),
                ("link_audit", "codex_curator(): canon_pack, codex_entry -> codex_entry"),
                ("package_codex", "codex_curator(): canon_pack, codex_entry -> codex_entry"),
            ]
        ),
        (
            "scene_forge",
            [
                ("select_scenes", "scene_smith(showrunner): hook_card, tu_brief -> "),
                ("gather_context", "scene_smith(lore_weaver): canon_pack, tu_brief, hook_card -> "),
                ("draft_scenes", "scene_smith(style_lead): … -> scene"),
                ("style_pass", "scene_smith(style_lead): … -> scene"),
                ("package_scenes", "scene_smith(): … -> "),
            ]
        ),
        (
            "style_tune_up",
            [
                ("diagnose_drift", "style_lead(): scene -> drift_diagnosis"),
                ("create_addendum", "style_lead(): … -> style_addendum"),
                ("generate_edit_notes", "style_lead(): … -> edit_notes"),
                ("apply_revisions", "scene_smith(style_lead): … -> scene"),
                ("pre_gate_validation", "gatekeeper(): … -> gatecheck_report"),
                ("package_results", "showrunner(): … -> tu_brief"),
            ]
        ),
        (
            "art_touch_up",
            [
                ("create_shotlist", "art_director(lore_weaver): canon_pack, scene -> shotlist"),
                ("review_shots", "art_director(style_lead): … -> art_plan"),
                ("generate_images", "illustrator(art_director): … -> art_render"),
                ("validate_quality", "gatekeeper(style_lead): … -> "),
                ("package_art_plan", "showrunner(art_director): … -> art_manifest"),
            ]
        ),
        (
            "audio_pass",
            [
                ("create_cuelist", "audio_director(style_lead): canon_pack, scene -> cuelist"),
                ("review_cues", "audio_director(style_lead): … -> audio_plan"),
                ("generate_audio", "audio_producer(audio_director): … -> audio_asset"),
                ("validate_quality", "gatekeeper(style_lead): … -> "),
                ("package_audio_plan", "showrunner(audio_director): … -> "),
            ]
        ),
        (
            "translation_pass",
            [
                ("extract_strings", "translator(): scene, codex_entry -> "),
                ("translate", "translator(style_lead): … -> "),
                ("validate", "translator(style_lead): … -> "),
                ("style_check", "style_lead(translator): … -> "),
                ("package_language_pack", "showrunner(translator): … -> language_pack, register_map"),
            ]
        ),
        (
            "gatecheck",
            [
                ("run_quality_bars", "gatekeeper(): tu_brief, canon_pack, scene -> "),
                ("collect_findings", "gatekeeper(): … -> "),
                ("triage_blockers", "gatekeeper(): … -> "),
                ("create_report", "gatekeeper(): … -> gatecheck_report"),
                ("package_decision", "showrunner(gatekeeper): … -> gate_decision"),
            ]
        ),
        (
            "narration_dry_run",
            [
                ("select_path", "showrunner(player_narrator): view -> "),
                ("simulate_playthrough", "player_narrator(): … -> playthrough_log"),
                ("identify_issues", "player_narrator(gatekeeper): … -> pn_playtest_notes"),
                ("report", "player_narrator(showrunner): … -> "),
                ("package", "showrunner(player_narrator): … -> "),
            ]
        ),
        (
            "binding_run",
            [
                ("select_formats", "showrunner(): cold_snapshot -> "),
                ("generate_views", "book_binder(): … -> view"),
                ("export_files", "book_binder(): … -> "),
                ("validate", "gatekeeper(book_binder): … -> "),
                ("package", "showrunner(book_binder): … -> view_log, export_bundle"),
            ]
        ),
        (
            "archive_snapshot",
            [
                ("select_artifacts", "showrunner(): hot, cold -> "),
                // What it freezes is what a binding run begins with.
                ("create_snapshot", "showrunner(book_binder): … -> cold_snapshot"),
                ("validate", "gatekeeper(): … -> "),
                ("promote_to_cold", "showrunner(): … -> "),
                ("package", "showrunner(): … -> archive_package"),
            ]
        ),
        (
            "post_mortem",
            [
                ("collect_metrics", "showrunner(gatekeeper): gatecheck_report, tu_brief -> "),
                ("final_validation", "gatekeeper(): … -> "),
                ("create_report", "gatekeeper(showrunner): … -> post_mortem_report"),
                ("archive", "showrunner(): … -> "),
                ("package", "showrunner(gatekeeper): … -> action_items"),
            ]
        ),
    ]

    @Test func thereAreTheFifteenLoopsOfTheDesign() {
        #expect(Loop.all.map(\.name) == Self.table.map(\.loop) + ["full_production_run"])
    }

    @Test(arguments: table.indices) func aLoopHasTheStepsOfTheDesign(index: Int) throws {
        let (name, rows) = Self.table[index]
        let loop = try #require(Loop.named(name))
        #expect(loop.steps.map(\.name) == rows.map(\.name))
        for (step, row) in zip(loop.steps, rows) {
            let inputs = row.line.contains("…") ? "…" : step.inputs.joined(separator: ", ")
            let consulted = step.consulted.map(\.rawValue).joined(separator: ", ")
            let outputs = step.outputs.joined(separator: ", ")
            #expect("\(step.role.rawValue)(\(consulted)): \(inputs) -> \(outputs)" == row.line, "\(name)/\(step.name)")
        }
    }

    @Test func aFullProductionRunIsTheOtherLoopsInOrder() throws {
        let loop = try #require(Loop.named("full_production_run"))
        let parts = [
            "story_spark", "hook_harvest", "lore_deepening", "codex_expansion", "scene_forge", "style_tune_up",
            "art_touch_up", "audio_pass", "translation_pass", "gatecheck", "archive_snapshot", "binding_run",
        ]
        #expect(loop.parts.map(\.loop) == parts)
        #expect(loop.parts.filter(\.isGated).map(\.loop) == ["gatecheck"])
        let optional = loop.parts.filter { !$0.roles.isEmpty }
        #expect(optional.map(\.loop) == ["art_touch_up", "audio_pass", "translation_pass"])
        #expect(
            optional.map(\.roles) == [[.artDirector, .illustrator], [.audioDirector, .audioProducer], [.translator]])
        #expect(loop.count == 12)
    }

    @Test func everyRoleIntroducesItself() {
        for role in RoleName.allCases { #expect(Library.builtIn.roles[role]?.isEmpty == false, "\(role)") }
    }
}
