"""Who may look through which cameras, why and until when (열람권한)."""
