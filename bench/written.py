"""x"""
def lacks(folder):
    return []
