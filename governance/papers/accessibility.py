"""stub"""


def check_docx(data: bytes) -> list[str]:
    """stub"""
    return []
