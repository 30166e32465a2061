"""The names of what administrators and members may do in a chat, as the schema's `ChatMember…` types list them."""

ADMIN_RIGHTS = [
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
]
OPTIONAL_RIGHTS = ["can_pin_messages", "can_manage_topics", "can_manage_tags"]
PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]
EVERY_RIGHT = frozenset(ADMIN_RIGHTS + OPTIONAL_RIGHTS)
USUAL_RIGHTS = EVERY_RIGHT - {"can_be_edited", "can_promote_members"}
WRITING = frozenset(name for name in PERMISSIONS if name.startswith("can_send_"))
"""What a member needs to write something."""
